import { Link } from '@tanstack/react-router'
import { HeartPulse } from 'lucide-react'
import type { Role } from '../api/shapes'
import { useWaitingCount } from '../features/documents/use-inbox'
import { useDraftsWaiting } from '../features/drafts/use-drafts'
import { useMessagesWaiting } from '../features/messages-inbox/use-messages'
import { placesOf } from './places'
import classes from './rail.module.css'

/** The way around: at the left on a desk, along the bottom on a phone. */
export function Rail({ role }: { role: Role }) {
  const places = placesOf(role)
  const counts: Partial<Record<string, number>> = {
    '/inbox': useWaitingCount(places.some((place) => place.to === '/inbox')),
    '/messages': useMessagesWaiting(places.some((place) => place.to === '/messages')),
    '/drafts': useDraftsWaiting(places.some((place) => place.to === '/drafts')),
  }
  return (
    <nav className={classes.rail} aria-label="Main">
      <Link to="/" className={classes.sign} aria-label="CareFlowAI, start">
        <HeartPulse size={20} aria-hidden="true" />
      </Link>
      <ul className={classes.places}>
        {places.map(({ to, label, icon: Icon }) => {
          const count = counts[to] ?? 0
          return (
            <li key={to}>
              <Link
                to={to}
                className={classes.place}
                activeProps={{ 'data-active': 'true', 'aria-current': 'page' }}
                title={label}
              >
                <span className={classes.icon}>
                  <Icon size={20} aria-hidden="true" />
                  {count > 0 && (
                    <span className={classes.count} aria-hidden="true">
                      {count > 99 ? '99+' : count}
                    </span>
                  )}
                </span>
                <span className={classes.label}>{label}</span>
                {count > 0 && <span className={classes.hidden}>, {count} waiting</span>}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
