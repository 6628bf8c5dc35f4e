import { Button } from '@mantine/core'
import { CalendarPlus, CircleCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { OnlineVisit } from '../../api/shapes'
import type { BookingWords, Language } from './booking-words'
import classes from './booking.module.css'
import { cityOf, ownTime } from './own-time'
import { saveCalendar } from './save-calendar'

interface BookedStepProps {
  words: BookingWords
  language: Language
  visit: OnlineVisit
  email: string
  onAnother: () => void
}

/** The visit as it was stored, in the same words as every message about it. */
export function BookedStep({ words, language, visit, email, onAnother }: BookedStepProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  const { calendar, when } = visit
  const own = visit.mode === 'video' ? ownTime(when.start, when.zone, language) : undefined
  return (
    <div className={classes.step}>
      <div className={classes.done}>
        <CircleCheck size={28} aria-hidden="true" />
        <h1 className={classes.title} tabIndex={-1} ref={heading}>
          {visit.waits ? words.doneWaits : words.done}
        </h1>
        <p className={classes.doneWhen}>{when.text}</p>
        {own !== undefined && <p>({words.own(cityOf(when.zone), own)})</p>}
      </div>
      <dl className={classes.facts}>
        <dt>{words.what}</dt>
        <dd>
          {visit.type_name}. {words.mode[visit.mode]}
        </dd>
        <dt>{words.with}</dt>
        <dd>{visit.practitioner_name}</dd>
        <dt>{words.where}</dt>
        <dd>{[visit.place_name, visit.address].filter((part) => part !== '').join(', ')}</dd>
        {visit.preparation !== '' && (
          <>
            <dt>{words.bring}</dt>
            <dd>{visit.preparation}</dd>
          </>
        )}
      </dl>
      <p>
        {visit.waits && `${words.waits} `}
        {words.doneText(email)} {words.until(visit.until.text)}
      </p>
      {calendar !== null && (
        <Button
          size="md"
          leftSection={<CalendarPlus size={18} aria-hidden="true" />}
          onClick={() => {
            saveCalendar(calendar)
          }}
        >
          {words.calendar}
        </Button>
      )}
      <Button variant="default" size="md" onClick={onAnother}>
        {words.another}
      </Button>
    </div>
  )
}
