import type { ReactNode } from 'react'
import { loaded } from '../../api/loaded'
import type { InboxDocument } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { Review } from './review'
import { useDraft } from './use-draft'

interface ReviewScreenProps {
  draftId: string
  document: InboxDocument
  maySign: boolean
  /** Who it is about: banner and allergies, fixed above the review. */
  head: ReactNode
}

/** What was read from a document, beside the page, for a person to check and sign. */
export function ReviewScreen({ draftId, document, maySign, head }: ReviewScreenProps) {
  const acts = useDraft(draftId)
  return (
    <>
      {head}
      <LoadedView
        loaded={loaded(acts.query)}
        subject="The draft"
        loading={
          <div style={{ padding: 20 }}>
            <Waiting rows={8} />
          </div>
        }
      >
        {(draft) => (
          <Review key={draft.id} draft={draft} document={document} maySign={maySign} acts={acts} />
        )}
      </LoadedView>
    </>
  )
}
