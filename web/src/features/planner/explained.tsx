import { Tooltip } from '@mantine/core'
import { Fragment } from 'react'
import classes from './explained.module.css'
import { useMeanings, type Meanings } from './glossary-context'

/** Cut a text at its first use of each known term. */
export function cutAtTerms(text: string, meanings: Meanings): { text: string; meaning?: string }[] {
  if (meanings.size === 0) return [{ text }]
  const longestFirst = [...meanings.keys()].sort((a, b) => b.length - a.length)
  const parts = text.split(new RegExp(`\\b(${longestFirst.join('|')})\\b`))
  const seen = new Set<string>()
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const meaning = meanings.get(part)
      if (meaning === undefined || seen.has(part)) return { text: part }
      seen.add(part)
      return { text: part, meaning }
    })
}

/** A text in which the glossary's terms explain themselves on hover, focus and tap. */
export function Explained({ children }: { children: string }) {
  const meanings = useMeanings()
  return cutAtTerms(children, meanings).map(({ text, meaning }, at) =>
    meaning === undefined ? (
      <Fragment key={at}>{text}</Fragment>
    ) : (
      <Tooltip
        key={at}
        label={meaning}
        multiline
        maw={280}
        events={{ hover: true, focus: true, touch: true }}
      >
        <button type="button" className={classes.term}>
          {text}
        </button>
      </Tooltip>
    ),
  )
}
