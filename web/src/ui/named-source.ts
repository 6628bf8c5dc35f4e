/** Where a fact comes from: its name, its day and its address, as far as they are told. */
export interface NamedSource {
  name: string
  readOn: string | null
  link: string | null
}

const day = /\b\d{4}-\d{2}-\d{2}\b/
const address = /https?:\/\/[^\s)]+/

/** Take a source apart: `MedlinePlus: Anemia. https://… (read 2026-11-24)`. */
export function namedSource(source: string): NamedSource {
  const link = address.exec(source)?.[0].replace(/[.,;]$/, '') ?? null
  const readOn = day.exec(source)?.[0] ?? null
  const name = source
    .replace(address, '')
    .replace(/\(?\b(?:read|as of|dated)\s+\d{4}-\d{2}-\d{2}\)?/i, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.,;·(]+$/, '')
    .trim()
  return { name: name === '' ? source : name, readOn, link }
}

/** Several sources that stand in one line, each taken apart. */
export function namedSources(line: string): NamedSource[] {
  return line
    .split(' · ')
    .filter((one) => one.trim() !== '')
    .map(namedSource)
}
