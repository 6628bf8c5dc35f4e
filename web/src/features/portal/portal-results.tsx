import { ClipboardList } from 'lucide-react'
import type { Portal } from '../../api/shapes'
import { Note } from '../../ui/note'
import classes from './portal.module.css'
import { ReportList } from './report-list'

/** All signed reports. */
export function PortalResults({ portal }: { portal: Portal }) {
  return (
    <div className={classes.page}>
      <h1 className={classes.greeting}>Results</h1>
      {portal.reports.length === 0 ? (
        <Note icon={ClipboardList} title="No results yet">
          When your care team signs a result, you can read it here.
        </Note>
      ) : (
        <ReportList reports={portal.reports} />
      )}
    </div>
  )
}
