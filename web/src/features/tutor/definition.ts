import type { Citation } from '../../ui/cited-answer'

/** Where a definition comes from: its name, its day and its address, as far as they are told. */
export interface NamedSource {
  number: number
  name: string
  readOn: string | null
  link: string | null
  text: string
}

const day = /\b\d{4}-\d{2}-\d{2}\b/
const address = /https?:\/\/[^\s)]+/

/** Take a source apart: `MedlinePlus: Anemia. https://… (read 2026-11-24)`. */
export function namedSource({ number, source, text }: Citation): NamedSource {
  const link = address.exec(source)?.[0].replace(/[.,;]$/, '') ?? null
  const readOn = day.exec(source)?.[0] ?? null
  const name = source
    .replace(address, '')
    .replace(/\(?\b(?:read|as of|dated)\s+\d{4}-\d{2}-\d{2}\)?/i, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.,;·(]+$/, '')
    .trim()
  return { number, name: name === '' ? source : name, readOn, link, text }
}
