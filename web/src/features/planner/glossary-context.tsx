import { createContext, use, type ReactNode } from 'react'

/** Meanings by the short form of a term. */
export type Meanings = ReadonlyMap<string, string>

const Glossary = createContext<Meanings>(new Map())

interface TermEntry {
  term: string
  meaning: string
}

/** `EC2` of `EC2 (Elastic Compute Cloud)`, with what the guide says of it. */
export function meaningsOf(terms: readonly TermEntry[]): Meanings {
  return new Map(
    terms.map(({ term, meaning }) => {
      const [short = term, long] = term.split(' (')
      return [short, long === undefined ? meaning : `${long.replace(')', '')}. ${meaning}`]
    }),
  )
}

/** Give the glossary to everything below. */
export function GlossaryProvider({
  meanings,
  children,
}: {
  meanings: Meanings
  children: ReactNode
}) {
  return <Glossary value={meanings}>{children}</Glossary>
}

/** The glossary; empty until it is loaded, and then terms are plain text. */
export function useMeanings(): Meanings {
  return use(Glossary)
}
