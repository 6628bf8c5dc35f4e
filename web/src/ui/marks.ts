/** Where words of a text are marked. Offsets count characters as the platform does, not UTF-16. */

export interface Span {
  start: number
  end: number
}

interface Piece {
  text: string
  marked: boolean
  /** Counted in characters from the start of the text. */
  start: number
}

/** A `[start, end]` pair as it comes in answers, or nothing if it is none. */
export function spanOf(value: unknown): Span | undefined {
  if (!Array.isArray(value)) return undefined
  const [start, end] = value as unknown[]
  if (typeof start !== 'number' || typeof end !== 'number' || end <= start) return undefined
  return { start, end }
}

/** Every pair of a list that is a span. */
export function spansOf(value: unknown): Span[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) => spanOf(one) ?? [])
}

/** The words of a span. */
export function wordsAt(text: string, { start, end }: Span): string {
  return Array.from(text).slice(start, end).join('')
}

function merged(spans: readonly Span[], length: number): Span[] {
  const inside = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)
  return inside.reduce<Span[]>((kept, span) => {
    const last = kept.at(-1)
    if (last === undefined || span.start > last.end) return [...kept, span]
    return [...kept.slice(0, -1), { start: last.start, end: Math.max(last.end, span.end) }]
  }, [])
}

/** A text in pieces, those under a span marked. */
export function piecesOf(text: string, spans: readonly Span[]): Piece[] {
  const characters = Array.from(text)
  const pieces: Piece[] = []
  let at = 0
  const add = (end: number, marked: boolean): void => {
    if (end > at) pieces.push({ text: characters.slice(at, end).join(''), marked, start: at })
    at = Math.max(at, end)
  }
  for (const { start, end } of merged(spans, characters.length)) {
    add(start, false)
    add(end, true)
  }
  add(characters.length, false)
  return pieces
}
