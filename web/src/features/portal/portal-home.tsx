import { Link } from '@tanstack/react-router'
import { ChevronRight, ClipboardList, Eye } from 'lucide-react'
import type { Portal } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import { NextVisitCard } from './next-visit-card'
import classes from './portal.module.css'
import { ReportList } from './report-list'

function newResultsWords(count: number): string {
  return count === 1 ? 'You have 1 new result' : `You have ${count} new results`
}

/** What a patient sees first: the next visit and what is new. */
export function PortalHome({ portal }: { portal: Portal }) {
  const newest = portal.reports.slice(0, 2)
  return (
    <div className={classes.page}>
      <h1 className={classes.greeting}>Hello {portal.patient.preferred}</h1>
      <NextVisitCard visit={portal.next_visit} />
      <section className={classes.section} aria-labelledby="new-title">
        <div className={classes.sectionHead}>
          <h2 id="new-title" className={classes.sectionTitle}>
            Your results
          </h2>
          {portal.new_results > 0 && (
            <Pill tone="brand">{newResultsWords(portal.new_results)}</Pill>
          )}
        </div>
        {newest.length === 0 ? (
          <p className={classes.quiet}>
            <ClipboardList size={20} aria-hidden="true" />
            You have no results yet. New ones appear here.
          </p>
        ) : (
          <>
            <ReportList reports={newest} />
            <Link to="/portal/results" className={classes.more}>
              See all results
              <ChevronRight size={18} aria-hidden="true" />
            </Link>
          </>
        )}
      </section>
      <p className={classes.quiet}>
        <Eye size={20} aria-hidden="true" />
        {portal.access_log_hint}
      </p>
    </div>
  )
}
