import { useNavigate, useSearch } from '@tanstack/react-router'
import { OutboxScreen } from '../features/outbox/outbox-screen'
import { stateChoices } from '../features/outbox/outbox-words'
import { OnlyFor } from './only-for'

/** Messages about visits, for whoever answers the telephone. */
export function OutboxPage() {
  const { state } = useSearch({ from: '/staff/outbox' })
  const navigate = useNavigate({ from: '/outbox' })
  return (
    <OnlyFor roles={['receptionist', 'nurse', 'clinician']} subject="The list of messages">
      <OutboxScreen
        state={stateChoices.find(({ value }) => value === state)?.value}
        onState={(chosen) => void navigate({ search: { state: chosen } })}
      />
    </OnlyFor>
  )
}
