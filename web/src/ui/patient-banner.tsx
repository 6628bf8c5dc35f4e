import type { ReactNode } from 'react'
import type { Banner, PatientLine } from '../api/shapes'
import { useClinic } from './clinic-context'
import { staffDate } from './dates'
import { fullName, initials, sexWord } from './person-name'
import classes from './patient-banner.module.css'

interface PatientBannerProps {
  patient: PatientLine & Partial<Pick<Banner, 'age_text' | 'phone'>>
  /** Lower, for screens whose own title is above it. */
  compact?: boolean
}

/** Who this is: fixed at the top of every screen about a patient, also on a phone. */
export function PatientBanner({ patient, compact = false }: PatientBannerProps) {
  const Name = compact ? 'h2' : 'h1'
  const { zone } = useClinic()
  const born = patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'
  return (
    <section className={classes.banner} data-compact={compact || undefined} aria-label="Patient">
      <span className={classes.initials} aria-hidden="true">
        {initials(patient)}
      </span>
      <div className={classes.who}>
        <Name className={classes.name}>{fullName(patient)}</Name>
        <dl className={classes.facts}>
          <Fact term="Born">
            {born}
            {patient.age_text ? ` (${patient.age_text})` : ''}
          </Fact>
          <Fact term="Sex">{sexWord(patient.sex)}</Fact>
          <Fact term="Record">{patient.record_number ?? 'none'}</Fact>
          {patient.phone && <Fact term="Telephone">{patient.phone}</Fact>}
        </dl>
      </div>
    </section>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={classes.fact} data-term={term}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
