import { Link, Outlet } from '@tanstack/react-router'
import { BookOpenText, CalendarDays, HeartPulse, House, ScrollText, Sparkles } from 'lucide-react'
import type { Account } from '../api/shapes'
import { AccountMenu } from '../features/account/account-menu'
import { useClinic } from '../ui/clinic-context'
import { SyntheticMark } from '../ui/synthetic-mark'
import { OnlyFor } from './only-for'
import classes from './portal-shell.module.css'
import { SessionGate } from './session-gate'

/** The frame of the patient's screens: no side bar, tabs at the bottom of a phone. */
export function PortalShell() {
  return <SessionGate>{(account) => <Frame account={account} />}</SessionGate>
}

const tabs = [
  { to: '/portal', label: 'Home', icon: House },
  { to: '/portal/visits', label: 'Visits', icon: CalendarDays },
  { to: '/portal/results', label: 'Results', icon: ScrollText },
  { to: '/portal/assistant', label: 'Assistant', icon: Sparkles },
  { to: '/portal/words', label: 'Words', icon: BookOpenText },
] as const

function Frame({ account }: { account: Account }) {
  const clinic = useClinic()
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <span className={classes.sign} aria-hidden="true">
          <HeartPulse size={20} />
        </span>
        <p className={classes.clinic}>{clinic.name}</p>
        <div className={classes.right}>
          <SyntheticMark />
          <AccountMenu account={account} />
        </div>
      </header>
      <main className={classes.screen}>
        <OnlyFor roles={['patient']} subject="The patient portal">
          <Outlet />
        </OnlyFor>
      </main>
      <nav className={classes.tabs} aria-label="Main">
        <ul>
          {tabs.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                className={classes.tab}
                activeOptions={{ exact: to === '/portal' }}
                activeProps={{ 'data-active': 'true', 'aria-current': 'page' }}
              >
                <span className={classes.icon}>
                  <Icon size={22} aria-hidden="true" />
                </span>
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}
