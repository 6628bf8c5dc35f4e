import { loaded } from '../api/loaded'
import { CardsList } from '../features/model-cards/cards-list'
import { useCards } from '../features/model-cards/use-cards'

/** Every AI task's card. */
export function CardsPage() {
  const { data, error, refetch } = useCards()
  return <CardsList cards={loaded({ data: data?.cards, error, refetch })} />
}
