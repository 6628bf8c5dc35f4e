import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CalendarX } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { OwnVisit } from '../../api/shapes'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import classes from './booking.module.css'
import { useCancelOwn } from './use-own-visits'

/** A patient's visits: those to come, which can be moved or cancelled, and those that are over. */
export function OwnVisits({ visits }: { visits: OwnVisit[] }) {
  const coming = visits.filter((one) => !one.is_over)
  const over = visits.filter((one) => one.is_over).reverse()
  return (
    <div className={classes.step}>
      <h1 className={classes.title}>Your visits</h1>
      <div>
        <Button component={Link} to="/portal/book" size="md">
          Book a visit
        </Button>
      </div>
      {coming.length === 0 ? (
        <Note icon={CalendarX} title="You have no visit booked" />
      ) : (
        <ul className={classes.visits}>
          {coming.map((one) => (
            <li key={one.id}>
              <Coming visit={one} />
            </li>
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <>
          <h2 className={classes.dayTitle}>Over or cancelled</h2>
          <ul className={classes.visits}>
            {over.map((one) => (
              <li key={one.id} className={classes.visit}>
                <p>{one.text}</p>
                <p className={classes.second}>
                  {one.type_name}, {one.practitioner_name}
                  {one.state === 'cancelled' && ' · Cancelled'}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Coming({ visit }: { visit: OwnVisit }) {
  const [asks, setAsks] = useState(false)
  const cancelling = useCancelOwn()
  return (
    <article className={classes.visit} aria-label={visit.text}>
      <p className={classes.visitWhen}>{visit.text}</p>
      <p>
        {visit.type_name}, {visit.practitioner_name}
      </p>
      <p className={classes.second}>
        {[visit.place_name, visit.address].filter((part) => part !== '').join(', ')}
      </p>
      {visit.preparation !== '' && <p>{visit.preparation}</p>}
      {visit.state !== 'booked' && (
        <p>
          <Pill tone="amber">{visit.state}</Pill>
        </p>
      )}
      <p className={classes.second}>
        {visit.may_change
          ? `You can move or cancel it until ${visit.until}.`
          : 'It is too late to change this visit here: please call the clinic.'}
      </p>
      {cancelling.error !== null && (
        <p className={classes.lost} role="alert">
          {asFailure(cancelling.error).message}
        </p>
      )}
      {visit.may_change && (
        <div className={classes.acts}>
          {asks ? (
            <>
              <Button
                size="md"
                color="red.9"
                loading={cancelling.isPending}
                onClick={() => {
                  cancelling.mutate(visit)
                }}
              >
                Yes, cancel this visit
              </Button>
              <Button
                size="md"
                variant="default"
                onClick={() => {
                  setAsks(false)
                }}
              >
                Keep it
              </Button>
            </>
          ) : (
            <>
              <Button
                size="md"
                variant="default"
                renderRoot={(props: object) => (
                  <Link to="/portal/book" search={{ move: visit.id }} {...props} />
                )}
              >
                Move
              </Button>
              <Button
                size="md"
                variant="default"
                onClick={() => {
                  setAsks(true)
                }}
              >
                Cancel
              </Button>
            </>
          )}
        </div>
      )}
    </article>
  )
}
