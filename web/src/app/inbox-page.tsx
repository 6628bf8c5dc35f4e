import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import type { InboxPart } from '../features/documents/document-status'
import { InboxList } from '../features/documents/inbox-list'
import { useInbox } from '../features/documents/use-inbox'
import classes from './inbox-page.module.css'
import { OnlyFor } from './only-for'
import { useSignedIn } from './signed-in'

function partOf(text: string | undefined): InboxPart {
  return text === 'filed' || text === 'set-aside' ? text : 'waiting'
}

/** Documents that arrived. */
export function InboxPage() {
  return (
    <OnlyFor roles={['clinician', 'nurse', 'receptionist']} subject="The inbox">
      <Inbox />
    </OnlyFor>
  )
}

function Inbox() {
  const { show } = useSearch({ from: '/staff/inbox' })
  const navigate = useNavigate({ from: '/inbox' })
  const { data, error, refetch } = useInbox()
  const { role } = useSignedIn()
  return (
    <>
      {role !== 'receptionist' && (
        <p className={classes.answers}>
          <Link to="/answers">Answers that patients sent before their visits</Link>
        </p>
      )}
      <InboxList
        documents={loaded({ data: data?.documents, error, refetch })}
        part={partOf(show)}
        onPart={(part) => void navigate({ search: part === 'waiting' ? {} : { show: part } })}
      />
    </>
  )
}
