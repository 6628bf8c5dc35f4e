import { useElementSize } from '@mantine/hooks'
import type { PlanGrowth } from '../../api/shapes'
import { scaleTo } from '../../ui/chart-scale'
import classes from './chart.module.css'
import type { GrowthEvent } from './growth-events'
import { groups } from './groups'
import swatches from './groups.module.css'
import { amount, roundAmount } from './plan-words'

type Month = PlanGrowth['months'][number]

interface GrowthChartProps {
  growth: PlanGrowth
  events: readonly GrowthEvent[]
  budget: number | null
}

const height = 292
const frame = { left: 54, right: 10, top: 26, bottom: 40 }

/** Each month's bill stacked by part, with the band in which eight of ten clinics stay. */
export function GrowthChart({ growth, events, budget }: GrowthChartProps) {
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} className={classes.space} style={{ minHeight: height }}>
      {width > 0 && (
        <Drawing growth={growth} events={events} budget={budget} width={Math.max(width, 280)} />
      )}
    </div>
  )
}

function Drawing({ growth, events, budget, width }: GrowthChartProps & { width: number }) {
  const { months, bands } = growth
  const right = width - frame.right
  const bottom = height - frame.bottom
  const most = Math.max(
    ...months.map((month) => month.total.high),
    ...bands.months.map((band) => band.p90),
    budget ?? 0,
  )
  const y = scaleTo(most, bottom, frame.top)
  const step = (right - frame.left) / months.length
  const middle = (at: number) => frame.left + step * (at + 0.5)
  const januaries = months.filter((month) => month.on.slice(5, 7) === '01')
  const isApart = (januaries[0]?.month ?? months.length) > 4
  const years = isApart ? [...months.slice(0, 1), ...januaries] : januaries
  const high = frame.top - 12
  const marks = events.reduce<{ number: number; x: number; y: number; foot: number }[]>(
    (found, { month, number }) => {
      const x = middle(month.month - 1)
      const before = found.at(-1)
      // Two that would cover each other stand one below the other.
      const isClose = before?.y === high && x - before.x < 20
      const foot = y.at(month.total.high) - 4
      return [...found, { number, x, y: isClose ? high + 21 : high, foot }]
    },
    [],
  )
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={classes.drawing}
      style={{ maxWidth: width }}
      role="img"
      aria-label={`Bill of each of ${months.length} months, from ${amount(months[0]?.total.high ?? 0)} to ${amount(months.at(-1)?.total.high ?? 0)}`}
    >
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line
            className={classes.grid}
            x1={frame.left}
            x2={right}
            y1={y.at(tick)}
            y2={y.at(tick)}
          />
          <text className={classes.tick} x={frame.left - 8} y={y.at(tick) + 4} textAnchor="end">
            {roundAmount(tick)}
          </text>
        </g>
      ))}
      {months.map((month, at) => (
        <Stack
          key={month.month}
          month={month}
          x={middle(at) - step * 0.39}
          width={step * 0.78}
          y={y.at}
        />
      ))}
      <path
        className={classes.band}
        d={`M${bands.months.map((band, at) => `${middle(at)} ${y.at(band.p90)}`).join('L')}L${bands.months
          .map((band, at) => `${middle(at)} ${y.at(band.p10)}`)
          .reverse()
          .join('L')}Z`}
      />
      {(['p10', 'p90'] as const).map((end) => (
        <polyline
          key={end}
          className={classes.edge}
          points={bands.months.map((band, at) => `${middle(at)},${y.at(band[end])}`).join(' ')}
        />
      ))}
      {budget !== null && (
        <g>
          <line
            className={classes.limit}
            x1={frame.left}
            x2={right}
            y1={y.at(budget)}
            y2={y.at(budget)}
          />
          <text className={classes.limitWords} x={frame.left + 6} y={y.at(budget) - 6}>
            Budget {amount(budget)}
          </text>
        </g>
      )}
      {years.map((month) => (
        <text
          key={month.month}
          className={classes.tick}
          x={frame.left + step * (month.month - 1) + 2}
          y={height - 24}
        >
          {month.on.slice(0, 4)}
        </text>
      ))}
      <text className={classes.tick} x={right} y={height - 24} textAnchor="end">
        {`month ${months.length}`}
      </text>
      {marks.map(({ number, x, y: top, foot }) => (
        <g key={number}>
          <line className={classes.event} x1={x} x2={x} y1={foot} y2={top} />
          <circle className={classes.eventDot} cx={x} cy={top} r={9} />
          <text className={classes.eventNumber} x={x} y={top + 4} textAnchor="middle">
            {number}
          </text>
        </g>
      ))}
    </svg>
  )
}

interface StackProps {
  month: Month
  x: number
  width: number
  y: (value: number) => number
}

function Stack({ month, x, width, y }: StackProps) {
  const parts = groups.map(({ name }) => ({
    name,
    value: month.groups.find((group) => group.name === name)?.amount ?? 0,
  }))
  return parts.map(({ name, value }, at) => {
    const below = parts.slice(0, at).reduce((sum, part) => sum + part.value, 0)
    if (value === 0) return null
    return (
      <rect
        key={name}
        className={swatches[name]}
        x={x}
        width={width}
        y={y(below + value)}
        height={Math.max(0, y(below) - y(below + value) - 0.6)}
      />
    )
  })
}
