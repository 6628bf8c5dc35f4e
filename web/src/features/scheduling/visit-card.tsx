import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Visit } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { clock } from '../../ui/dates'
import { listName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import classes from './day-schedule.module.css'
import { isSeen, visitTone } from './visit-state'

/** Where a visit's chart opens: beside the schedule, or on its own page. */
export type VisitOpens = 'beside' | 'own-page'

interface VisitCardProps {
  visit: Visit
  chosen: boolean
  opens: VisitOpens
}

/** One visit: time, who, why, and how it stands. */
export function VisitCard({ visit, chosen, opens }: VisitCardProps) {
  const { zone } = useClinic()
  return (
    <VisitLink visit={visit} chosen={chosen} opens={opens}>
      <time className={classes.time} dateTime={visit.start}>
        {clock(visit.start, zone)}
      </time>
      <span className={classes.what}>
        <span className={classes.name}>{listName(visit.patient)}</span>
        {visit.reason !== null && <span className={classes.reason}>{visit.reason}</span>}
        <span>
          <Pill tone={visitTone(visit.status)}>{visit.status_text}</Pill>
        </span>
      </span>
    </VisitLink>
  )
}

function VisitLink({ visit, chosen, opens, children }: VisitCardProps & { children: ReactNode }) {
  const shared = {
    className: classes.visit,
    'data-chosen': chosen || undefined,
    'data-over': isSeen(visit.status) || visit.status === 'cancelled' || undefined,
    'data-in-room': visit.status === 'in-room' || undefined,
    'data-cancelled': visit.status === 'cancelled' || undefined,
  }
  const patientId = visit.patient.id
  if (opens === 'own-page')
    return (
      <Link to="/chart/$patientId/$tab" params={{ patientId, tab: 'summary' }} {...shared}>
        {children}
      </Link>
    )
  return (
    <Link
      to="/day"
      search={(before) => ({ ...before, patient: patientId, tab: undefined })}
      aria-current={chosen ? 'true' : undefined}
      activeOptions={{ includeSearch: true, exact: true }}
      {...shared}
    >
      {children}
    </Link>
  )
}
