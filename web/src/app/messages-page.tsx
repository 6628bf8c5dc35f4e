import { useNavigate, useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { MessagesInbox } from '../features/messages-inbox/messages-inbox'
import { useMessages, type MessagesPart } from '../features/messages-inbox/use-messages'
import { OnlyFor } from './only-for'

/** What patients wrote to the clinic. */
export function MessagesPage() {
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="Messages from patients">
      <Messages />
    </OnlyFor>
  )
}

function Messages() {
  const { show } = useSearch({ from: '/staff/messages' })
  const navigate = useNavigate({ from: '/messages' })
  const part: MessagesPart = show === 'answered' ? 'answered' : 'open'
  const { data, error, refetch } = useMessages(part)
  return (
    <MessagesInbox
      messages={loaded({ data, error, refetch })}
      part={part}
      onPart={(next) => void navigate({ search: next === 'open' ? {} : { show: next } })}
    />
  )
}
