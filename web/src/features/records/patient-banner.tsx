import type { ReactNode } from 'react'
import type { Banner } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { fullName, initials, sexWord } from '../../ui/person-name'
import classes from './patient-banner.module.css'

/** Who this is: fixed at the top of every screen about a patient, also on a phone. */
export function PatientBanner({ patient }: { patient: Banner }) {
  const { zone } = useClinic()
  const born = patient.birth_date === null ? 'not recorded' : staffDate(patient.birth_date, zone)
  return (
    <section className={classes.banner} aria-label="Patient">
      <span className={classes.initials} aria-hidden="true">
        {initials(patient)}
      </span>
      <div className={classes.who}>
        <h1 className={classes.name}>{fullName(patient)}</h1>
        <dl className={classes.facts}>
          <Fact term="Born">
            {born}
            {patient.age_text === null ? '' : ` (${patient.age_text})`}
          </Fact>
          <Fact term="Sex">{sexWord(patient.sex)}</Fact>
          <Fact term="Record">{patient.record_number ?? 'none'}</Fact>
          {patient.phone !== null && <Fact term="Telephone">{patient.phone}</Fact>}
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
