import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Role } from '../api/shapes'
import { Note } from '../ui/note'
import { useSignedIn } from './signed-in'

interface OnlyForProps {
  roles: readonly Role[]
  subject: string
  children: ReactNode
}

/**
 * Spare a role the screens that the platform would refuse it anyway. The platform decides; this
 * only says so before asking.
 */
export function OnlyFor({ roles, subject, children }: OnlyForProps) {
  if (roles.includes(useSignedIn().role)) return children
  return (
    <Note page icon={Lock} title={`${subject} is not open to your role`}>
      Ask an administrator if your work needs it.
    </Note>
  )
}
