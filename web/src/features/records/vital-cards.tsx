import type { Vital } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { FlagMark } from '../../ui/flag-mark'
import { isAbnormal } from '../../ui/flags'
import { RangeBar } from '../../ui/range-bar'
import classes from './vital-cards.module.css'

/** The newest vital signs with their ranges drawn. */
export function VitalCards({ vitals }: { vitals: Vital[] }) {
  if (vitals.length === 0)
    return <p className={classes.none}>No vital signs are recorded for this patient.</p>
  return (
    <section aria-label="Vital signs">
      <ul className={classes.cards}>
        {vitals.map((vital) => (
          <VitalCard key={vital.code} vital={vital} />
        ))}
      </ul>
      <Taken vitals={vitals} />
    </section>
  )
}

function VitalCard({ vital }: { vital: Vital }) {
  const abnormal = isAbnormal(vital.flag)
  const before = vital.previous_text === null ? null : `Before: ${vital.previous_text}`
  return (
    <li className={classes.card} data-abnormal={abnormal || undefined}>
      <div className={classes.top}>
        <h3 className={classes.name}>{vital.name}</h3>
        <FlagMark flag={vital.flag} />
      </div>
      <p className={classes.value} data-abnormal={abnormal || undefined}>
        {vital.value_text}
        {vital.unit !== null && <span className={classes.unit}>{`\u00a0${vital.unit}`}</span>}
      </p>
      <RangeBar low={vital.low} high={vital.high} value={vital.value} flag={vital.flag} />
      <p className={classes.range}>{vital.range_text ?? before ?? 'No range'}</p>
      {vital.range_text !== null && vital.previous_text !== null && (
        <p className={classes.range}>{before}</p>
      )}
    </li>
  )
}

interface TakenProps {
  vitals: Vital[]
}

/** When and by whom; said once where all were taken together. */
function Taken({ vitals }: TakenProps) {
  const { zone } = useClinic()
  const saying = ({ taken_at: at, taken_by: by }: Vital): string =>
    [at === null ? null : staffInstant(at, zone), by].filter((part) => part !== null).join(', ')
  const sayings = new Set(vitals.map(saying).filter((said) => said !== ''))
  if (sayings.size === 0) return null
  if (sayings.size === 1) return <p className={classes.taken}>Taken {[...sayings][0]}</p>
  return (
    <ul className={classes.taken}>
      {vitals.map((vital) => (
        <li key={vital.code}>
          {vital.name}: {saying(vital)}
        </li>
      ))}
    </ul>
  )
}
