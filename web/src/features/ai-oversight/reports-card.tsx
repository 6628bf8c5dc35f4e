import type { AiOversight } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { taskWords } from '../../ui/task-words'
import classes from './lines.module.css'
import { usePeople } from './use-people'

/** What people said of drafts, so that someone can act on it. */
export function ReportsCard({ reports }: { reports: AiOversight['reports'] }) {
  const { zone } = useClinic()
  const nameOf = usePeople()
  return (
    <Card title="What people reported">
      {reports.length === 0 ? (
        <p className={classes.none}>Nobody has reported anything.</p>
      ) : (
        <ul className={classes.lines}>
          {reports.map((one) => (
            <li key={`${one.draft} ${one.at} ${one.by}`} className={classes.line}>
              <h3 className={classes.name}>
                {taskWords(one.kind)}: {taskWords(one.task)}
              </h3>
              {one.text !== null && <p>“{one.text}”</p>}
              <p className={classes.small}>
                {nameOf(one)}, {staffInstant(one.at, zone)}, draft {one.draft}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
