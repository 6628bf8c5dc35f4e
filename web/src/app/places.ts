import { CalendarDays, Inbox, ScrollText, UsersRound, type LucideIcon } from 'lucide-react'
import type { Role } from '../api/shapes'

/** A place that the rail leads to. */
interface Place {
  to: '/day' | '/patients' | '/inbox' | '/audit'
  label: string
  icon: LucideIcon
}

const clinicPlaces: Place[] = [
  { to: '/day', label: 'Day', icon: CalendarDays },
  { to: '/patients', label: 'Patients', icon: UsersRound },
  { to: '/inbox', label: 'Inbox', icon: Inbox },
]

/** Only what exists and is open to the role. */
export function placesOf(role: Role): Place[] {
  if (role === 'admin') return [{ to: '/audit', label: 'Audit', icon: ScrollText }]
  return role === 'patient' ? [] : clinicPlaces
}
