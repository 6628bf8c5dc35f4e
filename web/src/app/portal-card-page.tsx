import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { loaded } from '../api/loaded'
import { CardScreen } from '../features/model-cards/card-screen'
import { useCard } from '../features/model-cards/use-cards'

/** What the assistant or the explanation of words is, for the patient who uses it. */
export function PortalCardPage() {
  const { task } = useParams({ from: '/portal/portal/cards/$task' })
  const back = task === 'health-tutor' ? '/portal/words' : '/portal/assistant'
  return (
    <CardScreen
      card={loaded(useCard(task))}
      back={
        <Link to={back} style={{ display: 'inline-flex', alignItems: 'center', minHeight: 44 }}>
          <ChevronLeft size={18} aria-hidden="true" />
          Back
        </Link>
      }
    />
  )
}
