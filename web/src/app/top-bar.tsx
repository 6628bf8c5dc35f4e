import { Button, Kbd, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { CalendarPlus, Search } from 'lucide-react'
import type { Account } from '../api/shapes'
import { useClinicFacts } from '../api/use-clinic'
import { AccountMenu } from '../features/account/account-menu'
import { useClinic } from '../ui/clinic-context'
import { clock, staffDate, weekday } from '../ui/dates'
import { SyntheticMark } from '../ui/synthetic-mark'
import { useTickingNow } from '../ui/use-ticking-now'
import { useDeskActions } from './desk-actions'
import classes from './top-bar.module.css'

interface TopBarProps {
  account: Account
  mayFind: boolean
}

/** Search, the clinic's own date and time, and who is signed in. */
export function TopBar({ account, mayFind }: TopBarProps) {
  const clinic = useClinic()
  const begin = useDeskActions()
  return (
    <header className={classes.bar}>
      {mayFind ? (
        <UnstyledButton
          className={classes.search}
          aria-keyshortcuts="Control+K"
          onClick={() => {
            spotlight.open()
          }}
        >
          <Search size={16} aria-hidden="true" />
          <span className={classes.words}>Find a patient or a place</span>
          <Kbd size="xs" className={classes.keys} aria-hidden="true">
            Ctrl K
          </Kbd>
        </UnstyledButton>
      ) : (
        <p className={classes.clinic}>{clinic.name}</p>
      )}
      <div className={classes.right}>
        {begin !== null && (
          <Button
            size="compact-md"
            leftSection={<CalendarPlus size={16} aria-hidden="true" />}
            aria-label="Book a visit"
            onClick={() => {
              begin('book')
            }}
          >
            Book
          </Button>
        )}
        <SyntheticMark />
        <Now />
        <AccountMenu account={account} />
      </div>
    </header>
  )
}

function Now() {
  const { zone } = useClinic()
  const { data } = useClinicFacts()
  const now = useTickingNow(data?.now ?? new Date().toISOString())
  return (
    <time className={classes.now} dateTime={now.toISOString()} title={zone}>
      {weekday(now, zone)} {staffDate(now, zone)} · {clock(now, zone)}
    </time>
  )
}
