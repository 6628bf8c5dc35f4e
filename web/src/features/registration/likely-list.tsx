import { UnstyledButton } from '@mantine/core'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { fullName, sexWord } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import type { PatientLine } from '../../api/shapes'
import classes from './registration.module.css'
import type { Likely } from './use-likely'

interface LikelyListProps {
  label: string
  found: readonly Likely[]
  onPick: (patient: PatientLine) => void
}

/** People whom somebody may be, with what speaks for it. */
export function LikelyList({ label, found, onPick }: LikelyListProps) {
  const { zone } = useClinic()
  return (
    <ul className={classes.list} aria-label={label}>
      {found.map(({ patient, isLikely, why }) => (
        <li key={patient.id}>
          <UnstyledButton
            className={classes.person}
            onClick={() => {
              onPick(patient)
            }}
          >
            <span className={classes.name}>
              {fullName(patient)}
              {isLikely && <Pill tone="amber">Likely match</Pill>}
            </span>
            <span className={classes.facts}>
              Born {patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'} ·{' '}
              {sexWord(patient.sex)} · {patient.record_number ?? 'No record number'}
            </span>
            {why.length > 0 && <span className={classes.facts}>Because: {why.join(', ')}</span>}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
