import { useNavigate, useParams } from '@tanstack/react-router'
import { OnlyFor } from './only-for'
import { PatientChart } from './patient-chart'

/** One patient's chart on its own address. */
export function ChartPage() {
  const { patientId, tab } = useParams({ from: '/staff/chart/$patientId/$tab' })
  const navigate = useNavigate()
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="The chart">
      <PatientChart
        key={patientId}
        patientId={patientId}
        tab={tab}
        onTab={(next) =>
          void navigate({
            to: '/chart/$patientId/$tab',
            params: { patientId, tab: next },
            replace: true,
          })
        }
      />
    </OnlyFor>
  )
}
