import { useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { IntakeList } from '../features/intake/intake-list'
import { useIntake } from '../features/intake/use-intake'
import { OnlyFor } from './only-for'

/** What patients answered before their visits. */
export function IntakePage() {
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="The answers">
      <Intake />
    </OnlyFor>
  )
}

function Intake() {
  const { patient } = useSearch({ from: '/staff/answers' })
  const { data, error, refetch } = useIntake(patient)
  return <IntakeList forms={loaded({ data: data?.forms, error, refetch })} />
}
