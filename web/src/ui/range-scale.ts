/** Where a value stands against its range, as shares of the drawn bar. */
interface RangeScale {
  /** Left end of the in-range band, 0 to 1. */
  bandStart: number
  bandEnd: number
  /** Place of the marker, 0 to 1, kept clear of the ends so that it is never cut. */
  marker: number | null
}

interface RangeInput {
  low: number | null
  high: number | null
  value: number | null
}

function ends({ low, high }: RangeInput): [number, number] | null {
  if (low !== null && high !== null) {
    const width = high - low || Math.abs(high) || 1
    return [low - width * 0.75, high + width * 0.75]
  }
  if (high !== null) return [Math.min(0, high * 2), Math.abs(high) * 1.75 || 1]
  if (low !== null) return [Math.min(0, low * 2), Math.abs(low) * 1.75 || 1]
  return null
}

const edge = 0.03

function clamp(share: number): number {
  return Math.min(1 - edge, Math.max(edge, share))
}

/** Lay out a range bar; `null` when there is no range to draw. */
export function rangeScale(input: RangeInput): RangeScale | null {
  const span = ends(input)
  if (span === null) return null
  const from = Math.min(span[0], input.value ?? span[0])
  const to = Math.max(span[1], input.value ?? span[1])
  const share = (at: number): number => (at - from) / (to - from)
  return {
    bandStart: input.low === null ? 0 : share(input.low),
    bandEnd: input.high === null ? 1 : share(input.high),
    marker: input.value === null ? null : clamp(share(input.value)),
  }
}
