import type { ReactNode } from 'react'
import { loaded } from '../../api/loaded'
import type { PatientLine } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import classes from './draft-screen.module.css'
import { DraftReview } from './draft-review'
import { useTaskDraft } from './use-drafts'

interface DraftScreenProps {
  draftId: string
  maySign: boolean
  /** Banner and allergies of whom it is about. */
  head: (patient: PatientLine) => ReactNode
}

/** One draft beside what it was made from, for a person to check, correct and sign. */
export function DraftScreen({ draftId, maySign, head }: DraftScreenProps) {
  const acts = useTaskDraft(draftId)
  return (
    <LoadedView
      loaded={loaded(acts.query)}
      subject="The draft"
      page
      loading={
        <div style={{ padding: 20 }}>
          <Waiting rows={8} />
        </div>
      }
    >
      {(draft) => (
        <div className={classes.screen}>
          {draft.patient !== null && head(draft.patient)}
          <DraftReview draft={draft} maySign={maySign} acts={acts} />
        </div>
      )}
    </LoadedView>
  )
}
