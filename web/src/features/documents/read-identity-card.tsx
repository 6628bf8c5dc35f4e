import { Sparkles } from 'lucide-react'
import type { Candidates } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import classes from './match-panel.module.css'

/** Who the document says it is about, as software read it from the page. */
export function ReadIdentityCard({ read }: { read: Candidates['read'] }) {
  const { zone } = useClinic()
  const birth = read.birth_date ?? null
  return (
    <section className={classes.read} aria-labelledby="read-title">
      <h3 id="read-title" className={classes.readTitle}>
        <Sparkles size={15} aria-hidden="true" />
        The report says (read by AI)
      </h3>
      <dl className={classes.facts}>
        <dt>Name</dt>
        <Read>{read.name ?? null}</Read>
        <dt>Born</dt>
        <Read>{birth === null ? null : staffDate(birth, zone)}</Read>
        <dt>Record</dt>
        <Read>{read.record_number ?? null}</Read>
      </dl>
    </section>
  )
}

function Read({ children }: { children: string | null }) {
  return children === null ? <dd className={classes.unread}>not read</dd> : <dd>{children}</dd>
}
