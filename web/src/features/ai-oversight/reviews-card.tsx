import type { AiReviewed } from '../../api/shapes'
import { Card } from '../../ui/card'
import { taskWords } from '../../ui/task-words'
import { counted, share } from './figures'
import classes from './lines.module.css'
import { ShareBar } from './share-bar'

/** What people made of drafts: the best sign of whether a task is worth running. */
export function ReviewsCard({ reviewed }: { reviewed: readonly AiReviewed[] }) {
  return (
    <Card title="What people made of drafts" aside="Since the start">
      {reviewed.length === 0 ? (
        <p className={classes.none}>No draft has been written yet.</p>
      ) : (
        <ul className={classes.lines}>
          {reviewed.map((one) => (
            <Reviewed key={one.task} one={one} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Reviewed({ one }: { one: AiReviewed }) {
  const decided = one.signed + one.rejected
  return (
    <li className={classes.line}>
      <h3 className={classes.name}>{taskWords(one.task)}</h3>
      <ShareBar
        parts={[
          { name: 'Signed', count: one.signed, tone: 'good' },
          { name: 'Turned down', count: one.rejected, tone: 'bad' },
          { name: 'Reviewed, not signed', count: one.reviewed, tone: 'warn' },
          { name: 'Waiting', count: one.draft, tone: 'rest' },
        ]}
      />
      <p className={classes.small}>
        {decided === 0
          ? `Nobody has decided on one yet; ${counted(one.draft + one.reviewed)} waiting.`
          : `${share(one.signed, decided)} of ${counted(decided)} decided were signed, ${share(one.rejected, decided)} turned down.`}
      </p>
    </li>
  )
}
