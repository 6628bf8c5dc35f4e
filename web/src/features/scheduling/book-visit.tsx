import { Button } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { PatientLine, VisitPlan } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { fullName, listName } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import classes from './booking.module.css'
import { FindTime } from './find-time'
import { ReadBack } from './read-back'
import { useBook, useHold, type Wish } from './use-booking'
import { useVisitPlan } from './use-openings'

interface BookVisitProps {
  patient: PatientLine
  onOther: () => void
  onClose: () => void
}

/** Choose a time for somebody, read it back, and book it. */
export function BookVisit(props: BookVisitProps) {
  const plan = loaded(useVisitPlan())
  return (
    <LoadedView loaded={plan} subject="The plan of visits" loading={<Waiting rows={4} />}>
      {(found) => <Booking {...props} plan={found} />}
    </LoadedView>
  )
}

/** Codes with which a time is lost to somebody else, so that another one is chosen. */
const lost = new Set(['scheduling-slot-taken', 'scheduling-hold-over', 'scheduling-no-seat'])

function Booking({ patient, plan, onOther, onClose }: BookVisitProps & { plan: VisitPlan }) {
  const hold = useHold()
  const book = useBook()
  const [wish, setWish] = useState<Wish | undefined>()
  const [refusal, setRefusal] = useState<unknown>()
  const [key, setKey] = useState(() => crypto.randomUUID())
  const booked = book.isSuccess

  const choose = (next: Wish): void => {
    setRefusal(undefined)
    setKey(crypto.randomUUID())
    book.reset()
    if (next.squeeze !== undefined) {
      hold.release()
      setWish(next)
      return
    }
    hold.take.mutate(next, {
      onSuccess: () => {
        setWish(next)
      },
      onError: setRefusal,
    })
  }
  const store = (more: { despite?: string; comment?: string }): void => {
    if (wish === undefined) return
    const attempt = more.despite === undefined ? key : `${key}-despite`
    book.mutate(
      { ...wish, ...more, patient: patient.id, hold: hold.current(), key: attempt },
      {
        onSuccess: hold.taken,
        onError: (error) => {
          if (!lost.has(asFailure(error).code)) return
          setRefusal(error)
          hold.release()
          setWish(undefined)
        },
      },
    )
  }
  return (
    <div className={classes.screen}>
      <div className={classes.person}>
        <span>{fullName(patient)}</span>
        {!booked && (
          <Button variant="subtle" size="compact-sm" onClick={onOther}>
            Somebody else
          </Button>
        )}
      </div>
      {wish === undefined ? (
        <FindTime plan={plan} refusal={refusal} pending={hold.take.isPending} onChoose={choose} />
      ) : (
        <ReadBack
          plan={plan}
          wish={wish}
          patientName={listName(patient)}
          booked={booked}
          isHeld={hold.until !== undefined}
          pending={book.isPending}
          error={book.error}
          onBook={store}
          onBack={() => {
            hold.release()
            book.reset()
            setWish(undefined)
          }}
          onClose={onClose}
        />
      )}
    </div>
  )
}
