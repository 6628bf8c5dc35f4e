import { useElementSize } from '@mantine/hooks'
import { scaleTo, scaleUpTo, spread } from '../../ui/chart-scale'
import classes from './chart.module.css'

interface Line {
  name: string
  points: { x: number; y: number }[]
  /** The one that the page is about. */
  main?: boolean
  dashed?: boolean
}

interface LineChartProps {
  label: string
  lines: readonly Line[]
  xTick: (value: number) => string
  yTick: (value: number) => string
  /** A value that must not be passed, in words. */
  limit?: { y: number; words: string }
  /** The place on the x axis that is asked for, in words. */
  marker: { x: number; words: string }
  /** The highest value worth drawing. */
  most: number
}

const height = 240
const frame = { left: 54, right: 96, top: 24, bottom: 26 }

/** Lines that name themselves at their end, with what is asked as a dotted line. */
export function LineChart(props: LineChartProps) {
  const { ref, width } = useElementSize()
  return (
    <div ref={ref} className={classes.space} style={{ minHeight: height }}>
      {width > 0 && <Drawing {...props} width={Math.max(width, 280)} />}
    </div>
  )
}

function Drawing({
  label,
  lines,
  xTick,
  yTick,
  limit,
  marker,
  most,
  width,
}: LineChartProps & { width: number }) {
  const right = width - frame.right
  const bottom = height - frame.bottom
  const x = scaleUpTo(
    Math.max(marker.x, ...lines.flatMap((line) => line.points.map((point) => point.x))),
    frame.left,
    right,
    width < 420 ? 2 : 4,
  )
  const y = scaleTo(most, bottom, frame.top)
  const drawn = lines
    .map((line) => ({ ...line, points: line.points.filter((point) => point.y <= most) }))
    .filter((line) => line.points.length > 0)
  const ends = drawn.map((line) => y.at(line.points.at(-1)?.y ?? 0))
  const labels = spread(ends, 15)
  const asked = x.at(marker.x)
  const isLate = asked > (frame.left + right) / 2
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={classes.drawing}
      style={{ maxWidth: width }}
      role="img"
      aria-label={label}
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
            {yTick(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text
          key={tick}
          className={classes.tick}
          x={x.at(tick)}
          y={height - 6}
          textAnchor={tick === 0 ? 'start' : 'middle'}
        >
          {xTick(tick)}
        </text>
      ))}
      {limit !== undefined && limit.y <= most && (
        <g>
          <line
            className={classes.limit}
            x1={frame.left}
            x2={right}
            y1={y.at(limit.y)}
            y2={y.at(limit.y)}
          />
          <text className={classes.limitWords} x={right - 4} y={y.at(limit.y) - 6} textAnchor="end">
            {limit.words}
          </text>
        </g>
      )}
      <line className={classes.marker} x1={asked} x2={asked} y1={frame.top - 6} y2={bottom} />
      <text
        className={classes.name}
        x={asked + (isLate ? -6 : 6)}
        y={frame.top - 8}
        textAnchor={isLate ? 'end' : 'start'}
      >
        {marker.words}
      </text>
      {drawn.map((line, at) => {
        const last = line.points.at(-1)
        return (
          <g key={line.name}>
            <polyline
              className={classes.line}
              data-main={line.main ?? false}
              data-dashed={line.dashed ?? false}
              points={line.points.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(' ')}
            />
            <text
              className={classes.name}
              data-main={line.main ?? false}
              x={x.at(last?.x ?? 0) + 7}
              y={(labels[at] ?? 0) + 4}
            >
              {line.name}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
