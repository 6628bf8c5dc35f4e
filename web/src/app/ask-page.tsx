import { useNavigate, useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { AskScreen } from '../features/ai-run/ask-screen'
import { PatientPicker } from '../features/records/patient-picker'
import { useChart } from '../features/records/use-chart'
import { OnlyFor } from './only-for'
import { PatientHead } from './patient-head'

/** Ask AI for one thing; the address holds the task and whom it is about. */
export function AskPage() {
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="Asking AI">
      <Ask />
    </OnlyFor>
  )
}

function Ask() {
  const { task, patient } = useSearch({ from: '/staff/ask' })
  const navigate = useNavigate({ from: '/ask' })
  return (
    <AskScreen
      task={task}
      patient={patient}
      onTask={(chosen) => void navigate({ search: (before) => ({ ...before, task: chosen }) })}
      onPatient={(chosen) =>
        void navigate({ search: (before) => ({ ...before, patient: chosen }) })
      }
      picker={(onPick) => <PatientPicker onPick={onPick} />}
      head={patient === undefined ? null : <ChosenPatient patientId={patient} />}
    />
  )
}

function ChosenPatient({ patientId }: { patientId: string }) {
  const chart = loaded(useChart(patientId))
  return chart.state === 'ready' ? <PatientHead patient={chart.data.patient} /> : null
}
