import { Link } from '@tanstack/react-router'
import { ChevronRight, FlaskConical } from 'lucide-react'
import type { PortalReport } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { patientDate } from '../../ui/dates'
import { isAbnormal } from '../../ui/flags'
import { Pill } from '../../ui/pill'
import classes from './report-list.module.css'

/** How a report went, in one line. */
function reportInShort({ results }: PortalReport): string {
  const outside = results.filter((result) => isAbnormal(result.flag)).length
  const all = `${results.length} ${results.length === 1 ? 'result' : 'results'}`
  if (outside === 0) return `${all}, none outside the usual range`
  return `${all}, ${outside} outside the usual range`
}

/** Reports, newest first; each opens on its own page. */
export function ReportList({ reports }: { reports: PortalReport[] }) {
  const { zone } = useClinic()
  return (
    <ul className={classes.list}>
      {reports.map((report) => (
        <li key={report.id}>
          <Link
            to="/portal/results/$reportId"
            params={{ reportId: report.id }}
            className={classes.row}
          >
            <span className={classes.icon} aria-hidden="true">
              <FlaskConical size={20} />
            </span>
            <span className={classes.what}>
              <span className={classes.title}>
                {report.title} {report.new && <Pill tone="brand-filled">New</Pill>}
              </span>
              {report.collected_at !== null && (
                <span className={classes.aside}>{patientDate(report.collected_at, zone)}</span>
              )}
              <span className={classes.aside}>{reportInShort(report)}</span>
            </span>
            <ChevronRight size={20} aria-hidden="true" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
