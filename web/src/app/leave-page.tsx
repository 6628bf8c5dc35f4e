import { LeaveScreen } from '../features/leave/leave-screen'
import { instantAt, minutesTyped } from '../features/scheduling/wall-time'
import { OnlyFor } from './only-for'
import { useSignedIn } from './signed-in'

/** A clinician is away; a clinician enters their own leave alone. */
export function LeavePage() {
  const { role, practitioner_id: own } = useSignedIn()
  return (
    <OnlyFor roles={['clinician', 'receptionist', 'admin']} subject="Leave">
      <LeaveScreen
        instantAt={instantAt}
        minutesTyped={minutesTyped}
        only={role === 'clinician' ? (own ?? undefined) : undefined}
      />
    </OnlyFor>
  )
}
