import { BadgeCheck, CircleX, Sparkles } from 'lucide-react'
import type { TaskDraft } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import classes from './draft-heading.module.css'
import { OpinionButtons } from './opinion-buttons'

/** What this is, who made it from what, and whether a person has signed it. */
export function DraftHeading({ draft, isOpen }: { draft: TaskDraft; isOpen: boolean }) {
  const { zone } = useClinic()
  const Title = draft.patient === null ? 'h1' : 'h2'
  return (
    <header className={classes.heading}>
      <div className={classes.row}>
        <Title className={classes.title}>
          <Sparkles size={18} aria-hidden="true" /> {draft.title}
        </Title>
        <Status draft={draft} />
      </div>
      <p className={classes.origin}>
        Written {staffInstant(draft.created_at, zone)} by AI ({draft.engine}) from {madeFrom(draft)}
        .{isOpen && ' Check it part by part: nothing of it goes anywhere before you sign.'}
      </p>
      {draft.why_rejected !== null && (
        <p className={classes.why}>Turned down because: “{draft.why_rejected}”</p>
      )}
      {draft.urgency === 'now' && isOpen && (
        <p className={classes.urgent} role="note">
          Someone may come to harm: read this first, and act by your own judgement.
        </p>
      )}
      {draft.notice !== null && (
        <p className={classes.notice}>
          <strong>Goes with it to the patient:</strong> {draft.notice}
        </p>
      )}
      <div className={classes.foot}>
        <Origin draft={draft} />
        <OpinionButtons draftId={draft.id} />
      </div>
    </header>
  )
}

function madeFrom({ given }: TaskDraft): string {
  const entries = given.filter(({ source }) => source.includes('/')).length
  const parts = [
    ...(given.some(({ source }) => source === 'text') ? ['the text that was given'] : []),
    ...(given.some(({ source }) => source === 'asked') ? ['what was asked'] : []),
    ...(entries > 0 ? [`${entries} ${entries === 1 ? 'entry' : 'entries'} of the record`] : []),
  ]
  return parts.length === 0 ? 'sources that are not shown here' : parts.join(', ')
}

function Status({ draft }: { draft: TaskDraft }) {
  const { zone } = useClinic()
  const by = draft.reviewed_by ?? 'unknown'
  const at = draft.reviewed_at === null ? '' : `, ${staffInstant(draft.reviewed_at, zone)}`
  switch (draft.status) {
    case 'draft':
    case 'reviewed':
      return <Pill tone="ai-filled">AI draft · not signed</Pill>
    case 'signed':
      return (
        <span className={classes.signed}>
          <BadgeCheck size={16} aria-hidden="true" /> Signed by {by}
          {at}
        </span>
      )
    case 'rejected':
      return (
        <span className={classes.rejected}>
          <CircleX size={16} aria-hidden="true" /> Turned down by {by}
          {at}
        </span>
      )
  }
}

function Origin({ draft }: { draft: TaskDraft }) {
  const taken = Object.entries(draft.redacted).filter(([, count]) => count > 0)
  return (
    <details className={classes.origins}>
      <summary>How it was made</summary>
      <dl>
        <Fact term="Engine">{draft.engine}</Fact>
        <Fact term="Model">{draft.model}</Fact>
        <Fact term="Prompt">{draft.prompt}</Fact>
        <Fact term="Taken out before it was sent">
          {taken.length === 0
            ? 'Nothing'
            : taken.map(([label, count]) => `${label} ${count}`).join(', ')}
        </Fact>
        <Fact term="Entries it rests on">{draft.sources.length}</Fact>
        <Fact term="Open for review">{minutes(draft.open_s)}</Fact>
      </dl>
    </details>
  )
}

function minutes(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

function Fact({ term, children }: { term: string; children: string | number }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
