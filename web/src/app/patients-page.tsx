import { useNavigate, useSearch } from '@tanstack/react-router'
import { PatientList } from '../features/records/patient-list'
import { OnlyFor } from './only-for'
import { useSignedIn } from './signed-in'

/** Find a patient. */
export function PatientsPage() {
  const { query } = useSearch({ from: '/staff/patients' })
  const navigate = useNavigate({ from: '/patients' })
  const { role } = useSignedIn()
  return (
    <OnlyFor roles={['clinician', 'nurse', 'receptionist']} subject="The list of patients">
      <PatientList
        query={query ?? ''}
        onQuery={(typed) =>
          void navigate({ search: typed === '' ? {} : { query: typed }, replace: true })
        }
        mayOpenCharts={role !== 'receptionist'}
      />
    </OnlyFor>
  )
}
