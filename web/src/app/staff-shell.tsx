import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'
import { Outlet } from '@tanstack/react-router'
import type { Account } from '../api/shapes'
import { DeskActions } from './desk-actions'
import { PatientSearch } from './patient-search'
import { Rail } from './rail'
import { SessionGate } from './session-gate'
import classes from './staff-shell.module.css'
import { TopBar } from './top-bar'

/** The frame of every staff screen: rail, top bar, and the screen itself. */
export function StaffShell() {
  return <SessionGate>{(account) => <Frame account={account} />}</SessionGate>
}

function Frame({ account }: { account: Account }) {
  const mayFind = account.role !== 'admin' && account.role !== 'patient'
  return (
    <DeskActions enabled={mayFind}>
      <div className={classes.frame}>
        <a className={classes.skip} href="#screen">
          Skip to the screen
        </a>
        <Rail role={account.role} />
        <TopBar account={account} mayFind={mayFind} />
        <main id="screen" className={classes.screen} tabIndex={-1}>
          <Outlet />
        </main>
        {mayFind && <PatientSearch mayOpenCharts={account.role !== 'receptionist'} />}
        <Notifications position="bottom-center" autoClose={6000} />
      </div>
    </DeskActions>
  )
}
