import { Link } from '@tanstack/react-router'
import { ChevronLeft, MessageSquareQuote, PhoneCall } from 'lucide-react'
import type { PortalReport as Report } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { patientDate } from '../../ui/dates'
import classes from './portal.module.css'
import { ResultCard } from './result-card'
import { isUrgent, urgentFirst } from './urgency'

/** One report in plain words: what needs attention first, then everything else. */
export function PortalReport({ report }: { report: Report }) {
  const { zone } = useClinic()
  const results = urgentFirst(report.results)
  const urgent = results.filter(isUrgent)
  return (
    <div className={classes.page}>
      <Link to="/portal/results" className={classes.back}>
        <ChevronLeft size={20} aria-hidden="true" />
        All results
      </Link>
      {urgent.map((result) => (
        <p key={result.code} className={classes.urgent} role="alert">
          <PhoneCall size={22} aria-hidden="true" />
          <span>
            <strong>{result.plain_name}: </strong>
            {result.advice}
          </span>
        </p>
      ))}
      <header>
        <h1 className={classes.greeting}>{report.title}</h1>
        <p className={classes.text}>
          {report.collected_at === null
            ? 'The day it was taken is not recorded.'
            : `Taken on ${patientDate(report.collected_at, zone)}.`}{' '}
          {report.released_by !== null && `Checked by ${report.released_by}`}
          {report.released_by !== null &&
            (report.issued_at === null ? '.' : ` on ${patientDate(report.issued_at, zone)}.`)}
        </p>
      </header>
      {report.comment !== null && (
        <figure className={classes.comment}>
          <figcaption>
            <MessageSquareQuote size={20} aria-hidden="true" />
            {report.released_by ?? 'Your care team'} writes
          </figcaption>
          <blockquote>{report.comment}</blockquote>
        </figure>
      )}
      <ul className={classes.results}>
        {results.map((result) => (
          <li key={result.code + result.name}>
            <ResultCard result={result} />
          </li>
        ))}
      </ul>
    </div>
  )
}
