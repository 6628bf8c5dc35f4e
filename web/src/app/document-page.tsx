import { useParams } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { ReviewScreen } from '../features/ai-review/review-screen'
import { DocumentScreen } from '../features/documents/document-screen'
import { useDocument } from '../features/documents/use-document'
import { PatientPicker } from '../features/records/patient-picker'
import { OnlyFor } from './only-for'
import { PatientHead } from './patient-head'
import { useSignedIn } from './signed-in'

/** One document of the inbox, whatever state it is in. */
export function DocumentPage() {
  const { documentId } = useParams({ from: '/staff/inbox/$documentId' })
  return (
    <OnlyFor roles={['clinician', 'nurse', 'receptionist']} subject="The document">
      <Document key={documentId} documentId={documentId} />
    </OnlyFor>
  )
}

function Document({ documentId }: { documentId: string }) {
  const { role } = useSignedIn()
  const document = loaded(useDocument(documentId))
  return (
    <DocumentScreen
      document={document}
      picker={(onPick) => <PatientPicker onPick={onPick} />}
      review={
        role === 'receptionist'
          ? null
          : (found) =>
              found.draft_id === null ? null : (
                <ReviewScreen
                  draftId={found.draft_id}
                  document={found}
                  maySign={role === 'clinician'}
                  head={found.patient === null ? null : <PatientHead patient={found.patient} />}
                />
              )
      }
    />
  )
}
