import type { Candidate } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { fullName, sexWord } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import classes from './match-panel.module.css'

interface CandidateCardProps {
  candidate: Candidate
  chosen: boolean
  onChoose: () => void
}

/** A patient it may be about, and why. */
export function CandidateCard({ candidate, chosen, onChoose }: CandidateCardProps) {
  const { zone } = useClinic()
  const { patient, score, reasons } = candidate
  return (
    <label className={classes.candidate}>
      <input type="radio" name="candidate" checked={chosen} onChange={onChoose} />
      <span>
        <span className={classes.name}>{fullName(patient)}</span>
        <br />
        <span className={classes.details}>
          Born {patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'} ·{' '}
          {sexWord(patient.sex)} · {patient.record_number ?? 'no record number'}
        </span>
      </span>
      <span className={classes.details}>{Math.round(score * 100)} % alike</span>
      <span className={classes.reasons}>
        {reasons.map((reason) => (
          <Pill key={reason} tone="grey">
            {reason}
          </Pill>
        ))}
      </span>
    </label>
  )
}
