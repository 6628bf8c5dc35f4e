import { FileText } from 'lucide-react'
import type { ChartDocument } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { Note } from '../../ui/note'
import classes from './documents-tab.module.css'

/** Documents filed in this chart; the original opens where it is kept here. */
export function DocumentsTab({ documents }: { documents: ChartDocument[] }) {
  const { zone } = useClinic()
  if (documents.length === 0)
    return (
      <Note icon={FileText} title="No documents yet">
        Reports filed to this chart appear here.
      </Note>
    )
  return (
    <Card title="Documents" aside={`${documents.length} in all`}>
      <ul>
        {documents.map(({ id, title, date, status, content_url: url }) => (
          <li key={id} className={classes.row}>
            <FileText size={18} aria-hidden="true" />
            <span className={classes.title}>
              {url ? (
                <a href={url} download>
                  {title}
                </a>
              ) : (
                title
              )}
            </span>
            <span className={classes.aside}>
              {date === null ? 'Date not recorded' : staffDate(date, zone)} · {status}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
