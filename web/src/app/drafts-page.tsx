import { useNavigate, useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import type { DraftsPart } from '../features/drafts/draft-groups'
import { DraftsList } from '../features/drafts/drafts-list'
import { useDrafts } from '../features/drafts/use-drafts'
import { OnlyFor } from './only-for'

function partOf(text: string | undefined): DraftsPart {
  return text === 'signed' || text === 'rejected' ? text : 'open'
}

/** What AI wrote and a person has to review. */
export function DraftsPage() {
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="The list of drafts">
      <Drafts />
    </OnlyFor>
  )
}

function Drafts() {
  const { show } = useSearch({ from: '/staff/drafts' })
  const navigate = useNavigate({ from: '/drafts' })
  const { data, error, refetch } = useDrafts()
  return (
    <DraftsList
      drafts={loaded({ data: data?.drafts, error, refetch })}
      part={partOf(show)}
      onPart={(part) => void navigate({ search: part === 'open' ? {} : { show: part } })}
    />
  )
}
