import { Button } from '@mantine/core'
import { Hourglass } from 'lucide-react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { VisitPlan, WaitingEntry } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { clock, staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { listName } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import { useWaiting, useWaitlist, useWhatToWaitFor } from './use-waitlist'
import classes from './waitlist.module.css'

const dayNames = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

function wanted(one: WaitingEntry, plan: VisitPlan | undefined): string {
  const type = plan?.types.find(({ id }) => id === one.type)?.name ?? one.type
  const names = one.practitioners.map(
    (id) => plan?.clinicians.find((each) => each.id === id)?.name ?? id,
  )
  const days = one.weekdays.map((day) => dayNames[day]).join(', ')
  const isAllDay = one.from_minute === 0 && one.to_minute === 1440
  return [
    type,
    names.length === 0 ? 'any clinician' : names.join(', '),
    days === '' ? 'any day' : days,
    isAllDay ? 'any time' : `${timeOf(one.from_minute)} to ${timeOf(one.to_minute)}`,
  ].join(' · ')
}

/** Who waits, in the order in which they are offered times, and what is offered now. */
export function WaitingList({ onAdd }: { onAdd: () => void }) {
  const list = loaded(useWaitlist())
  const plan = useWhatToWaitFor().data
  const { leave } = useWaiting()
  const { zone } = useClinic()
  const zoneOf = (place: string) => plan?.places.find(({ id }) => id === place)?.zone ?? zone
  return (
    <LoadedView loaded={list} subject="The waiting list" loading={<Waiting rows={4} />}>
      {({ waiting, offers, report }) => (
        <div className={classes.screen}>
          <div>
            <Button onClick={onAdd}>Add somebody</Button>
          </div>
          <h3>Offers out</h3>
          {offers.length === 0 ? (
            <p className={classes.facts}>Nothing is offered now.</p>
          ) : (
            <ul className={classes.list} aria-label="Offers out">
              {offers.map((one, at) => (
                <li key={one.id}>
                  <span className={classes.order}>{at + 1}</span>
                  <span>
                    <span className={classes.name}>
                      {one.person === null ? 'Not on record any more' : listName(one.person)}
                    </span>
                    <br />
                    <span className={classes.facts}>
                      {staffInstant(one.start, zoneOf(one.place))}, until{' '}
                      {clock(one.until, zoneOf(one.place))}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )}
          <h3>Waiting, in the order of offers</h3>
          {waiting.length === 0 ? (
            <Note icon={Hourglass} title="Nobody waits">
              Whoever wants an earlier time is offered what becomes free.
            </Note>
          ) : (
            <ol className={classes.list} aria-label="Waiting">
              {waiting.map((one, at) => {
                const name = one.person === null ? 'Not on record any more' : listName(one.person)
                return (
                  <li key={one.id}>
                    <span className={classes.order}>{at + 1}</span>
                    <span>
                      <span className={classes.name}>{name}</span>
                      <br />
                      <span className={classes.facts}>
                        {wanted(one, plan)} · since {staffInstant(one.since, zone)}
                      </span>
                    </span>
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={`Take off: ${name}`}
                      onClick={() => {
                        leave.mutate(one.id)
                      }}
                    >
                      Take off
                    </Button>
                  </li>
                )
              })}
            </ol>
          )}
          {leave.isError && (
            <p className={classes.problem} role="alert">
              {asFailure(leave.error).message}
            </p>
          )}
          <p className={classes.facts}>
            {report.filled} of {report.freed} freed times filled
            {report.minutes_to_fill !== null && `, ${report.minutes_to_fill} minutes in the middle`}
          </p>
        </div>
      )}
    </LoadedView>
  )
}
