/** What the guard found, beside what it is about. */

export interface Finding {
  kind: string
  said: string
  place: string
  sentence: string
}

/** The findings of an answer; what has another form is left out. */
export function findingsOf(found: readonly Record<string, unknown>[]): Finding[] {
  return found.flatMap(({ kind, said, place, sentence }) =>
    typeof kind === 'string' &&
    typeof said === 'string' &&
    typeof place === 'string' &&
    typeof sentence === 'string'
      ? [{ kind, said, place, sentence }]
      : [],
  )
}

/** Whether a finding is about a place or something within it. */
export function isAt(finding: Finding, place: string): boolean {
  const { place: found } = finding
  return found === place || found.startsWith(`${place}.`) || found.startsWith(`${place}[`)
}
