import { Link, Outlet } from '@tanstack/react-router'
import { HeartPulse } from 'lucide-react'
import { loaded } from '../api/loaded'
import { useAccount } from '../api/use-account'
import { useClinic } from '../ui/clinic-context'
import { SyntheticMark } from '../ui/synthetic-mark'
import classes from './planner-shell.module.css'
import { StaffShell } from './staff-shell'

/** The planner holds no patient data, so a synthetic clinic shows it to anyone. */
export function PlannerShell() {
  const account = loaded(useAccount())
  const { synthetic } = useClinic()
  const isNobody = account.state === 'ready' && account.data === null
  return synthetic && isNobody ? <OpenFrame /> : <StaffShell />
}

function OpenFrame() {
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#screen">
        Skip to the screen
      </a>
      <header className={classes.bar}>
        <span className={classes.sign} aria-hidden="true">
          <HeartPulse size={18} />
        </span>
        <p className={classes.name}>CareFlowAI</p>
        <SyntheticMark />
        <Link to="/sign-in">Sign in</Link>
      </header>
      <main id="screen" className={classes.screen} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
