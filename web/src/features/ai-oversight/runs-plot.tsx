import { useElementSize } from '@mantine/hooks'
import { scaleTo } from '../../ui/chart-scale'
import { staffDay } from '../../ui/dates'
import { endings, endingTones, endingWords, sumOf, type EndingCounts } from './figures'
import classes from './runs-plot.module.css'

interface Day {
  day: string
  ended: EndingCounts
}

const height = 168
const frame = { left: 34, right: 4, top: 10, bottom: 22 }

/** A column a day, its endings stacked. The table below says the same in figures. */
export function RunsPlot({ days }: { days: readonly Day[] }) {
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} style={{ minHeight: height }}>
      {width > 0 && <Drawing days={days} width={Math.max(width, 260)} />}
    </div>
  )
}

function whole(ended: EndingCounts): number {
  return sumOf(endings, (ending) => ended[ending])
}

function Drawing({ days, width }: { days: readonly Day[]; width: number }) {
  const most = Math.max(1, ...days.map(({ ended }) => whole(ended)))
  const bottom = height - frame.bottom
  const y = scaleTo(most, bottom, frame.top, 3)
  const step = (width - frame.left - frame.right) / days.length
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={classes.drawing}
      role="img"
      aria-label={`Runs a day over ${days.length} days; the most on one day was ${most}`}
    >
      {y.ticks
        .filter((tick) => Number.isInteger(tick))
        .map((tick) => (
          <g key={tick}>
            <line
              className={classes.grid}
              x1={frame.left}
              x2={width - frame.right}
              y1={y.at(tick)}
              y2={y.at(tick)}
            />
            <text className={classes.tick} x={frame.left - 7} y={y.at(tick) + 4} textAnchor="end">
              {tick.toLocaleString('en-US')}
            </text>
          </g>
        ))}
      {days.map((day, at) => (
        <Column
          key={day.day}
          day={day}
          x={frame.left + at * step + step * 0.14}
          width={step * 0.72}
          height={(count) => bottom - y.at(count)}
          bottom={bottom}
        />
      ))}
      {[0, 10, 20, 30].map((at) => {
        const day = days[at]?.day
        if (day === undefined) return null
        return (
          <text
            key={day}
            className={classes.tick}
            x={at === 30 ? width - frame.right : frame.left + (at + 0.5) * step}
            y={height - 5}
            textAnchor={at === 0 ? 'start' : at === 30 ? 'end' : 'middle'}
          >
            {staffDay(day).slice(0, 6)}
          </text>
        )
      })}
    </svg>
  )
}

interface ColumnProps {
  day: Day
  x: number
  width: number
  height: (count: number) => number
  bottom: number
}

function Column({ day: { day, ended }, x, width, height, bottom }: ColumnProps) {
  const words = endings
    .filter((ending) => ended[ending] > 0)
    .map((ending) => `${endingWords[ending]} ${ended[ending]}`)
  const tops = endings.map(
    (_, at) => bottom - height(sumOf(endings.slice(0, at + 1), (e) => ended[e])),
  )
  return (
    <g>
      <title>{`${staffDay(day)}: ${words.join(', ') || 'no runs'}`}</title>
      {endings.map((ending, at) => (
        <rect
          key={ending}
          className={classes.part}
          data-tone={endingTones[ending]}
          x={x}
          width={width}
          y={tops[at] ?? bottom}
          height={height(ended[ending])}
        />
      ))}
    </g>
  )
}
