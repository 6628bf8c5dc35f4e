import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { loaded } from '../api/loaded'
import { CardScreen } from '../features/model-cards/card-screen'
import { useCard } from '../features/model-cards/use-cards'

/** What one AI task is and how well it does. */
export function CardPage() {
  const { task } = useParams({ from: '/staff/cards/$task' })
  return (
    <CardScreen
      card={loaded(useCard(task))}
      back={
        <Link
          to="/cards"
          style={{ display: 'inline-flex', alignItems: 'center', minHeight: 32, fontSize: 13.5 }}
        >
          <ChevronLeft size={16} aria-hidden="true" />
          All AI tasks
        </Link>
      }
    />
  )
}
