/** Where a fact comes from: its name, its day and its address, as far as they are told. */
export interface NamedSource {
  name: string
  day: string | null
  /** Whether the source was read on that day, or is only dated so. */
  isRead: boolean
  link: string | null
}

const anyDay = /\b\d{4}-\d{2}-\d{2}\b/
const read = /\bread\s+\d{4}-\d{2}-\d{2}\b/i
const address = /https?:\/\/[^\s)]+/

/** Take a source apart: `MedlinePlus: Anemia. https://… (read 2026-11-24)`. */
export function namedSource(source: string): NamedSource {
  const link = address.exec(source)?.[0].replace(/[.,;]$/, '') ?? null
  const day = anyDay.exec(source)?.[0] ?? null
  const name = source
    .replace(address, '')
    .replace(/\(?\b(?:read|as of|dated)\s+\d{4}-\d{2}-\d{2}\)?/i, '')
    .replace(/;\s*\d{4}-\d{2}-\d{2}\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.,;·(]+$/, '')
    .trim()
  return { name: name === '' ? source : name, day, isRead: read.test(source), link }
}

/** Several sources that stand in one line, each taken apart. */
export function namedSources(line: string): NamedSource[] {
  return line
    .split(' · ')
    .filter((one) => one.trim() !== '')
    .map(namedSource)
}
