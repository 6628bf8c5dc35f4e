import { Outlet } from '@tanstack/react-router'
import { HeartPulse } from 'lucide-react'
import { useClinic } from '../ui/clinic-context'
import { SyntheticMark } from '../ui/synthetic-mark'
import classes from './booking-shell.module.css'

/** The frame of pages for people without an account: the clinic's name and nothing else. */
export function BookingShell() {
  const clinic = useClinic()
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <span className={classes.sign} aria-hidden="true">
          <HeartPulse size={20} />
        </span>
        <p className={classes.clinic}>{clinic.name}</p>
        <SyntheticMark />
      </header>
      <main className={classes.screen}>
        <Outlet />
      </main>
    </div>
  )
}
