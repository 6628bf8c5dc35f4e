import { loaded } from '../api/loaded'
import type { PatientLine } from '../api/shapes'
import { AllergyBand } from '../features/records/allergy-band'
import { useChart } from '../features/records/use-chart'
import { PatientBanner } from '../ui/patient-banner'
import classes from './patient-head.module.css'

/** Banner and allergies over a screen that is about one patient but is not their chart. */
export function PatientHead({ patient }: { patient: PatientLine }) {
  const chart = loaded(useChart(patient.id))
  const banner = chart.state === 'ready' ? chart.data.patient : patient
  return (
    <div className={classes.head}>
      <PatientBanner patient={banner} compact />
      {chart.state === 'loading' ? (
        <div className={classes.waiting} role="status">
          Allergies are loading
        </div>
      ) : (
        <AllergyBand allergies={chart.state === 'ready' ? chart.data.allergies : 'unavailable'} />
      )}
    </div>
  )
}
