import { useNavigate, useSearch } from '@tanstack/react-router'
import { TutorScreen } from '../features/tutor/tutor-screen'

/** What medical words mean. */
export function TutorPage() {
  const { term } = useSearch({ from: '/portal/portal/words' })
  const navigate = useNavigate({ from: '/portal/words' })
  return (
    <TutorScreen term={term} onTerm={(wanted) => void navigate({ search: { term: wanted } })} />
  )
}
