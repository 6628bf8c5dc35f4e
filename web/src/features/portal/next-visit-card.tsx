import { Link } from '@tanstack/react-router'
import { CalendarCheck, ChevronRight, MapPin, UserRound } from 'lucide-react'
import type { NextVisit } from '../../api/shapes'
import { patientTime, patientWeekdayDate } from '../../ui/dates'
import classes from './portal.module.css'

/** When and where to come next, at the clinic's own time. */
export function NextVisitCard({ visit }: { visit: NextVisit | null }) {
  if (visit === null)
    return (
      <section className={classes.card} aria-labelledby="visit-title">
        <h2 id="visit-title" className={classes.sectionTitle}>
          Your next visit
        </h2>
        <p className={classes.text}>You have no visit booked.</p>
        <Link to="/portal/book" className={classes.more}>
          Book a visit
          <ChevronRight size={18} aria-hidden="true" />
        </Link>
      </section>
    )
  return (
    <section className={classes.visit} aria-labelledby="visit-title">
      <h2 id="visit-title" className={classes.visitTitle}>
        <CalendarCheck size={20} aria-hidden="true" />
        Your next visit
      </h2>
      <p className={classes.visitDay}>{patientWeekdayDate(visit.start, visit.zone)}</p>
      <p className={classes.visitTime}>{patientTime(visit.start, visit.zone)}</p>
      <ul className={classes.visitFacts}>
        <li>
          <UserRound size={18} aria-hidden="true" />
          {visit.with}
          {visit.reason === null ? '' : `, ${visit.reason}`}
        </li>
        {visit.place !== null && (
          <li>
            <MapPin size={18} aria-hidden="true" />
            {visit.place}
          </li>
        )}
      </ul>
      <Link to="/portal/visits" className={classes.visitLink}>
        Move or cancel it
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    </section>
  )
}
