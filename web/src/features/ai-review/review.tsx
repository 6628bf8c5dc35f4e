import { useState } from 'react'
import type { DraftView, InboxDocument } from '../../api/shapes'
import { ConflictNotice } from './conflict-notice'
import { ReportPages } from './report-pages'
import { ReviewHeading } from './review-heading'
import { ReviewActions } from './review-actions'
import { ReviewTable } from './review-table'
import classes from './review.module.css'
import { rowsWith } from './review-edits'
import { UnreadableLines } from './unreadable-lines'
import { useAutosave } from './use-autosave'
import type { useDraft } from './use-draft'

interface ReviewProps {
  draft: DraftView
  document: InboxDocument
  maySign: boolean
  acts: ReturnType<typeof useDraft>
}

/** The page at the left, what was read at the right; a choice in one shows in the other. */
export function Review({ draft, document, maySign, acts }: ReviewProps) {
  const saving = useAutosave(draft, acts.edit)
  const rows = rowsWith(draft, saving.pending)
  const [chosen, setChosen] = useState<number | null>(
    () => (draft.rows.find((row) => row.must_check) ?? draft.rows[0])?.index ?? null,
  )
  const isOpen = draft.status === 'draft'
  return (
    <div className={classes.split}>
      <ReportPages
        document={document}
        draft={draft}
        rows={rows}
        chosen={chosen}
        onChoose={setChosen}
      />
      <section className={classes.panel} data-open={isOpen || undefined} aria-label="What was read">
        <div className={classes.scroll}>
          <ReviewHeading draft={draft} />
          {saving.state.state === 'conflict' && (
            <ConflictNotice
              onLoad={async (keep) => {
                await acts.query.refetch()
                saving.resolve(keep)
              }}
            />
          )}
          <ReviewTable
            rows={rows}
            documentId={document.id}
            chosen={chosen}
            editable={isOpen}
            onChoose={setChosen}
            onChange={saving.change}
          />
          <UnreadableLines lines={draft.unreadable} />
        </div>
        <ReviewActions draft={draft} rows={rows} maySign={maySign} saving={saving} acts={acts} />
      </section>
    </div>
  )
}
