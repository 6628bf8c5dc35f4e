import type { Flag } from '../api/shapes'
import { isAbnormal } from './flags'
import classes from './range-bar.module.css'
import { rangeScale } from './range-scale'

interface RangeBarProps {
  low: number | null
  high: number | null
  value: number | null
  flag: Flag | null
  size?: 'staff' | 'patient'
}

/** The reference range, drawn, with the value's place on it; the words stand beside it. */
export function RangeBar({ low, high, value, flag, size = 'staff' }: RangeBarProps) {
  const scale = rangeScale({ low, high, value })
  if (scale === null) return null
  const tone = isAbnormal(flag) ? 'out' : 'in'
  return (
    <div className={classes.bar} data-size={size} aria-hidden="true">
      <div
        className={classes.band}
        style={{
          left: `${scale.bandStart * 100}%`,
          width: `${(scale.bandEnd - scale.bandStart) * 100}%`,
        }}
      />
      {scale.marker !== null && (
        <div
          className={classes.marker}
          data-tone={tone}
          style={{ left: `${scale.marker * 100}%` }}
        />
      )}
    </div>
  )
}
