import { useNavigate, useSearch } from '@tanstack/react-router'
import { inputsOf, searchOf } from '../features/planner/plan-inputs'
import { PlannerScreen } from '../features/planner/planner-screen'
import { useClinic } from '../ui/clinic-context'
import { OnlyFor } from './only-for'

/** What to run and what it costs; the address holds what is asked. */
export function PlannerPage() {
  const { synthetic } = useClinic()
  if (synthetic) return <Planner />
  return (
    <OnlyFor roles={['admin']} subject="The planner">
      <Planner />
    </OnlyFor>
  )
}

function Planner() {
  const search = useSearch({ from: '/planner/plan' })
  const navigate = useNavigate({ from: '/plan' })
  return (
    <PlannerScreen
      inputs={inputsOf(search)}
      onInputs={(inputs) => void navigate({ search: searchOf(inputs), resetScroll: false })}
    />
  )
}
