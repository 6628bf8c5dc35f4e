import { useParams } from '@tanstack/react-router'
import { DraftScreen } from '../features/drafts/draft-screen'
import { OnlyFor } from './only-for'
import { PatientHead } from './patient-head'
import { useSignedIn } from './signed-in'

/** One draft, whatever state it is in. */
export function DraftPage() {
  const { draftId } = useParams({ from: '/staff/drafts/$draftId' })
  return (
    <OnlyFor roles={['clinician', 'nurse']} subject="The draft">
      <Draft key={draftId} draftId={draftId} />
    </OnlyFor>
  )
}

function Draft({ draftId }: { draftId: string }) {
  const { role } = useSignedIn()
  return (
    <DraftScreen
      draftId={draftId}
      maySign={role === 'clinician'}
      head={(patient) => <PatientHead patient={patient} />}
    />
  )
}
