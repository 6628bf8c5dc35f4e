import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { Loaded } from '../../api/loaded'
import type { ModelCard } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Pill, type PillTone } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { standing } from './card-words'
import classes from './model-cards.module.css'

const standings: Record<ReturnType<typeof standing>, { label: string; tone: PillTone }> = {
  ready: { label: 'On this machine', tone: 'green' },
  elsewhere: { label: 'Elsewhere only', tone: 'amber' },
  nobody: { label: 'Nobody can now', tone: 'grey' },
}

/** Every AI task: who can do it, and whether anybody counted how well. */
export function CardsList({ cards }: { cards: Loaded<ModelCard[]> }) {
  return (
    <div className={classes.screen}>
      <header className={classes.heading}>
        <h1 className={classes.title}>AI tasks</h1>
        <p className={classes.lead}>
          What each one does, from what it was made, how well it does and where it fails.
        </p>
      </header>
      <LoadedView loaded={cards} subject="The tasks" loading={<Waiting rows={6} height={52} />}>
        {(all) => (
          <ul className={classes.list} aria-label="Tasks">
            {all.map((card) => (
              <li key={card.task}>
                <Line card={card} />
              </li>
            ))}
          </ul>
        )}
      </LoadedView>
    </div>
  )
}

function figuresWords({ method }: ModelCard): string {
  if (method === null) return 'No figures of ours'
  const count = method.measured.length
  return count === 1 ? '1 figure' : `${count} figures`
}

function Line({ card }: { card: ModelCard }) {
  const { label, tone } = standings[standing(card)]
  return (
    <Link to="/cards/$task" params={{ task: card.task }} className={classes.row}>
      <span className={classes.name}>{card.title}</span>
      <span className={classes.aside}>{figuresWords(card)}</span>
      <Pill tone={tone}>{label}</Pill>
      <ChevronRight size={18} aria-hidden="true" />
    </Link>
  )
}
