import type { Trend } from '../../api/shapes'

function distance(value: number, { low, high }: Trend): number {
  if (low !== null && value < low) return low - value
  if (high !== null && value > high) return value - high
  return 0
}

/** Whether the newest value is nearer to the range than the oldest, or farther from it. */
export function trendDirection(trend: Trend): 'better' | 'worse' | 'same' {
  const first = trend.points[0]
  const last = trend.points.at(-1)
  if (first === undefined || last === undefined) return 'same'
  const change = distance(last.value, trend) - distance(first.value, trend)
  if (change === 0) return 'same'
  return change < 0 ? 'better' : 'worse'
}

/** `2 years`, `7 months`, `3 weeks`: how much time a trend covers. */
export function trendSpan(trend: Trend): string | null {
  const first = trend.points[0]
  const last = trend.points.at(-1)
  if (first === undefined || last === undefined || first === last) return null
  const days = (Date.parse(last.at) - Date.parse(first.at)) / 86_400_000
  if (days < 60) return plural(Math.max(1, Math.round(days / 7)), 'week')
  if (days < 345) return plural(Math.round(days / 30.4), 'month')
  return plural(Math.round(days / 365.25), 'year')
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
