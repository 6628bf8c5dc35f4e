import classes from './meter.module.css'

export type MeterTone = 'good' | 'near' | 'over'

interface MeterProps {
  /** How much of what is allowed is used; 1 is all of it. */
  share: number
  tone: MeterTone
}

/** A drawn share; the words beside it say the same. */
export function Meter({ share, tone }: MeterProps) {
  const place = `${Math.min(100, Math.max(0, share * 100))}%`
  return (
    <div className={classes.track} data-tone={tone} aria-hidden="true">
      <div className={classes.fill} style={{ width: place }} />
      <div className={classes.dot} style={{ left: place }} />
    </div>
  )
}

/** Near the limit from four fifths on, over it from all on. */
export function toneOf(share: number): MeterTone {
  if (share > 1) return 'over'
  return share >= 0.8 ? 'near' : 'good'
}
