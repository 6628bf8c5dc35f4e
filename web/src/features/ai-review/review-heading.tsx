import { BadgeCheck, CircleX, Sparkles } from 'lucide-react'
import type { DraftView } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate, staffInstant } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import classes from './review-heading.module.css'

/** What this is, who made it, and whether a person has signed it. */
export function ReviewHeading({ draft }: { draft: DraftView }) {
  return (
    <header className={classes.heading}>
      <div className={classes.row}>
        <h2 className={classes.title}>
          <Sparkles size={18} aria-hidden="true" />
          Laboratory report
        </h2>
        <Status draft={draft} />
      </div>
      <Origin draft={draft} />
      {draft.status === 'draft' && draft.identity_problem !== null && (
        <p className={classes.identity} role="note">
          <strong>Is this the right patient?</strong> {draft.identity_problem}
        </p>
      )}
      {draft.explanation !== null && <p className={classes.explanation}>{draft.explanation}</p>}
    </header>
  )
}

function Status({ draft }: { draft: DraftView }) {
  const { zone } = useClinic()
  switch (draft.status) {
    case 'draft':
      return <Pill tone="ai-filled">AI draft · not signed</Pill>
    case 'signed':
      return (
        <span className={classes.signed}>
          <BadgeCheck size={16} aria-hidden="true" />
          Signed by {draft.signed_by ?? 'unknown'}
          {draft.signed_at === null ? '' : `, ${staffInstant(draft.signed_at, zone)}`}
        </span>
      )
    case 'rejected':
      return (
        <span className={classes.rejected}>
          <CircleX size={16} aria-hidden="true" />
          Rejected; nothing reached the chart
        </span>
      )
  }
}

function Origin({ draft }: { draft: DraftView }) {
  const { zone } = useClinic()
  const { lab, collected_at: collected, issued_at: issued } = draft.report
  return (
    <p className={classes.origin}>
      {[
        lab ?? 'Laboratory not read',
        collected === null ? 'collection date not read' : `collected ${staffDate(collected, zone)}`,
        issued === null ? null : `reported ${staffDate(issued, zone)}`,
      ]
        .filter((part) => part !== null)
        .join(' · ')}
      <br />
      Read {staffInstant(draft.created_at, zone)} by AI ({draft.engine}, {draft.model}).{' '}
      {draft.status === 'draft' && draft.notice}
    </p>
  )
}
