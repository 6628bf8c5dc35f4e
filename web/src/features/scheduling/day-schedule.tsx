import { CalendarOff } from 'lucide-react'
import { Fragment, useEffect, useRef } from 'react'
import type { Day, Visit } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { calendarDay } from '../../ui/dates'
import { Note } from '../../ui/note'
import { useTickingNow } from '../../ui/use-ticking-now'
import classes from './day-schedule.module.css'
import { NowLine } from './now-line'
import { VisitCard, type VisitOpens } from './visit-card'

interface DayScheduleProps {
  day: Day
  /** Whose chart is beside it. */
  patientId: string | undefined
  opens: VisitOpens
}

function firstAfter(visits: Visit[], now: Date): string | undefined {
  return visits.find((visit) => Date.parse(visit.start) > now.getTime())?.id
}

/** The day's visits in time order, scrolled to now. */
export function DaySchedule({ day, patientId, opens }: DayScheduleProps) {
  const now = useTickingNow(day.now)
  const { zone } = useClinic()
  const list = useRef<HTMLOListElement>(null)
  const isToday = calendarDay(now, zone) === day.date

  useEffect(() => {
    const frame = list.current
    const target = frame?.querySelector<HTMLElement>('[data-now], [data-in-room]')
    if (!frame || !target) return
    frame.scrollTop = target.offsetTop - frame.offsetTop - frame.clientHeight / 3
  }, [day.date])

  if (day.visits.length === 0)
    return (
      <Note icon={CalendarOff} title="No visits on this day">
        Choose another day above.
      </Note>
    )
  const next = firstAfter(day.visits, now)
  return (
    <ol className={classes.list} ref={list} tabIndex={0} aria-label="Visits">
      {day.visits.map((visit) => (
        <Fragment key={visit.id}>
          {isToday && visit.id === next && <NowLine now={now} />}
          <li>
            <VisitCard visit={visit} chosen={visit.patient.id === patientId} opens={opens} />
          </li>
        </Fragment>
      ))}
      {isToday && next === undefined && <NowLine now={now} />}
    </ol>
  )
}
