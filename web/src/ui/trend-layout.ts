import type { Trend } from '../api/shapes'

/** The drawing area; text stands in its margins. */
export interface Frame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

type DrawnPoint = Trend['points'][number] & { x: number; y: number; labelled: boolean }

/** A trend turned into places on the drawing. */
interface TrendLayout {
  points: DrawnPoint[]
  /** `points` as an SVG polyline. */
  line: string
  /** The target or reference range, if there is one. */
  band: { top: number; bottom: number; low: number | null; high: number | null } | null
  yTicks: { y: number; label: string }[]
  xTicks: { x: number; at: string }[]
  /** Every change has its line; its name only where there is room, the newest first. */
  events: { x: number; label: string; anchor: 'start' | 'end'; named: boolean }[]
}

const dayMs = 86_400_000
const labelRoomPx = 30
const eventRoomPx = 150
const samePlacePx = 6

/** A step of 1, 2, 2.5 or 5 times a power of ten that gives about `count` ticks. */
export function niceStep(span: number, count: number): number {
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].find((times) => times * power >= rough * 0.999) ?? 10
  return step * power
}

function valueTicks(lowest: number, highest: number): number[] {
  const span = highest - lowest || Math.abs(highest) || 1
  const step = niceStep(span, 3)
  const below = Math.floor((lowest - span * 0.05) / step)
  // No measured quantity here goes below zero unless it did.
  const first = lowest >= 0 ? Math.max(0, below) : below
  const last = Math.ceil((highest + span * 0.05) / step)
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toFixed(6)),
  )
}

function timeSpan(trend: Trend): [number, number] {
  const times = trend.points.map((point) => Date.parse(point.at))
  const from = Math.min(...times)
  const to = Math.max(...times)
  return to - from < dayMs ? [from - 15 * dayMs, to + 15 * dayMs] : [from, to]
}

/** Every label that does not run into the one before; the newest always has one. */
function labelled(xs: number[]): boolean[] {
  let lastAt = Number.POSITIVE_INFINITY
  return xs
    .toReversed()
    .map((x) => {
      const fits = lastAt - x >= labelRoomPx
      if (fits) lastAt = x
      return fits
    })
    .toReversed()
}

/** Lay out values over time, oldest at the left. Expects at least one point. */
export function layOutTrend(trend: Trend, frame: Frame): TrendLayout {
  const values = trend.points.map((point) => point.value)
  const bounds = [trend.low, trend.high].filter((bound) => bound !== null)
  const ticks = valueTicks(Math.min(...values, ...bounds), Math.max(...values, ...bounds))
  const bottomValue = ticks[0] ?? 0
  const topValue = ticks.at(-1) ?? 1
  const [from, to] = timeSpan(trend)
  const inset = 14
  const innerWidth = frame.width - frame.left - frame.right - inset * 2
  const innerHeight = frame.height - frame.top - frame.bottom
  const x = (at: string): number =>
    frame.left + inset + ((Date.parse(at) - from) / (to - from)) * innerWidth
  const y = (value: number): number =>
    frame.top + (1 - (value - bottomValue) / (topValue - bottomValue)) * innerHeight

  const labels = labelled(trend.points.map((point) => x(point.at)))
  const points = trend.points.map((point, at) => ({
    ...point,
    x: x(point.at),
    y: y(point.value),
    labelled: labels[at] ?? false,
  }))
  return {
    points,
    line: points.map((point) => `${point.x},${point.y}`).join(' '),
    band:
      bounds.length === 0
        ? null
        : {
            top: y(trend.high ?? topValue),
            bottom: y(trend.low ?? bottomValue),
            low: trend.low,
            high: trend.high,
          },
    yTicks: ticks.map((tick) => ({ y: y(tick), label: String(tick) })),
    xTicks: spreadTicks(points, innerWidth),
    events: withRoom(
      trend.events
        .filter((event) => Date.parse(event.at) >= from && Date.parse(event.at) <= to)
        .map((event) => {
          const at = x(event.at)
          const anchor = at > frame.width * 0.55 ? ('end' as const) : ('start' as const)
          return { x: at, label: event.label, anchor, named: true }
        }),
    ),
  }
}

type DrawnEvent = TrendLayout['events'][number]

/** Changes of one day share a line and a name; where names would collide the newer one stands. */
function withRoom(events: DrawnEvent[]): DrawnEvent[] {
  const groups: DrawnEvent[][] = []
  for (const event of events.toSorted((one, other) => one.x - other.x)) {
    const group = groups.at(-1)
    if (group?.[0] && event.x - group[0].x < samePlacePx) group.push(event)
    else groups.push([event])
  }
  let nextNameAt = Number.POSITIVE_INFINITY
  return groups
    .toReversed()
    .flatMap(([first, ...others]) => {
      if (first === undefined) return []
      const label = others.length === 0 ? first.label : `${first.label} and ${others.length} more`
      const named = nextNameAt - first.x >= eventRoomPx
      if (named) nextNameAt = first.x
      return [{ ...first, label, named }]
    })
    .toReversed()
}

function spreadTicks(points: DrawnPoint[], innerWidth: number): { x: number; at: string }[] {
  const room = Math.max(64, innerWidth / 4)
  const kept: DrawnPoint[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last === undefined || point.x - last.x >= room) kept.push(point)
  }
  return kept.map(({ x, at }) => ({ x, at }))
}
