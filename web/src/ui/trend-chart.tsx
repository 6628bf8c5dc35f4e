import { VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { Trend } from '../api/shapes'
import { useClinic } from './clinic-context'
import { monthTick, patientDate, staffDate } from './dates'
import { flagWords, isAbnormal } from './flags'
import classes from './trend-chart.module.css'
import { layOutTrend, type Frame } from './trend-layout'

interface TrendChartProps {
  trend: Trend
  /** At least this high; the card may stretch it. */
  height?: number
  audience?: 'staff' | 'patient'
}

/** One analyte over time with its range as a band and treatment changes as dashed lines. */
export function TrendChart({ trend, height = 220, audience = 'staff' }: TrendChartProps) {
  const { ref, width, height: measured } = useElementSize()
  const { zone } = useClinic()
  const dateOf = audience === 'staff' ? staffDate : patientDate
  const frame: Frame = {
    width,
    height: Math.max(height, measured),
    left: 36,
    right: 8,
    top: 34,
    bottom: 24,
  }
  return (
    <figure className={classes.figure} style={{ minHeight: height }}>
      <div ref={ref} className={classes.space}>
        {width > 0 && trend.points.length > 0 && <Drawing trend={trend} frame={frame} />}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{`${trend.name} over time${trend.unit === null ? '' : `, in ${trend.unit}`}`}</caption>
          <thead>
            <tr>
              <th scope="col">Date</th>
              <th scope="col">Value</th>
              <th scope="col">Against the range</th>
            </tr>
          </thead>
          <tbody>
            {trend.points.map((point) => (
              <tr key={point.observation_id}>
                <td>{dateOf(point.at, zone)}</td>
                <td>{point.value_text}</td>
                <td>{flagWords(point.flag)?.word ?? 'Not flagged'}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {trend.events.map((event) => (
          <p key={event.at + event.label}>{`${dateOf(event.at, zone)}: ${event.label}`}</p>
        ))}
      </VisuallyHidden>
    </figure>
  )
}

function Drawing({ trend, frame }: { trend: Trend; frame: Frame }) {
  const { zone } = useClinic()
  const layout = layOutTrend(trend, frame)
  const right = frame.width - frame.right
  return (
    <svg width={frame.width} height={frame.height} aria-hidden="true" className={classes.drawing}>
      {layout.band !== null && (
        <Band band={layout.band} left={frame.left} right={right} unit={trend.unit} />
      )}
      {layout.yTicks.map(({ y, label }) => (
        <g key={label}>
          <line className={classes.grid} x1={frame.left} x2={right} y1={y} y2={y} />
          <text className={classes.tick} x={frame.left - 8} y={y + 4} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      {layout.xTicks.map(({ x, at }) => (
        <text key={at} className={classes.tick} x={x} y={frame.height - 6} textAnchor="middle">
          {monthTick(at, zone)}
        </text>
      ))}
      {layout.events.map(({ x, label, anchor, named }) => (
        <g key={label + String(x)}>
          <line className={classes.event} x1={x} x2={x} y1={10} y2={frame.height - frame.bottom} />
          {named && (
            <text
              className={classes.tick}
              x={anchor === 'start' ? x + 6 : x - 6}
              y={16}
              textAnchor={anchor}
            >
              {label}
            </text>
          )}
        </g>
      ))}
      <polyline className={classes.line} points={layout.line} />
      {layout.points.map((point) => (
        <g key={point.observation_id}>
          <circle
            className={classes.point}
            data-out={isAbnormal(point.flag) || undefined}
            cx={point.x}
            cy={point.y}
            r={4.5}
          />
          {point.labelled && (
            <text className={classes.value} x={point.x} y={point.y - 10} textAnchor="middle">
              {point.value_text}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}

interface BandProps {
  band: { top: number; bottom: number; low: number | null; high: number | null }
  left: number
  right: number
  unit: string | null
}

function Band({ band, left, right, unit }: BandProps) {
  const words = bandWords(band.low, band.high, unit)
  return (
    <g>
      <rect
        className={classes.band}
        x={left}
        width={right - left}
        y={band.top}
        height={Math.max(0, band.bottom - band.top)}
      />
      {band.high !== null && (
        <line className={classes.limit} x1={left} x2={right} y1={band.top} y2={band.top} />
      )}
      {band.low !== null && (
        <line className={classes.limit} x1={left} x2={right} y1={band.bottom} y2={band.bottom} />
      )}
      <text className={classes.words} x={right - 6} y={band.bottom - 8} textAnchor="end">
        {words}
      </text>
    </g>
  )
}

function bandWords(low: number | null, high: number | null, unit: string | null): string {
  const suffix = unit === null ? '' : ` ${unit}`
  if (low !== null && high !== null) return `Range ${low}–${high}${suffix}`
  return high === null ? `Range over ${low ?? ''}${suffix}` : `Range under ${high}${suffix}`
}
