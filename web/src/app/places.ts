import {
  CalendarDays,
  ChartNoAxesCombined,
  FilePen,
  Inbox,
  MessagesSquare,
  ScrollText,
  Send,
  Sparkles,
  UsersRound,
  type LucideIcon,
} from 'lucide-react'
import type { Role } from '../api/shapes'

/** A place that the rail leads to. */
interface Place {
  to:
    | '/messages'
    | '/outbox'
    | '/day'
    | '/patients'
    | '/inbox'
    | '/drafts'
    | '/ask'
    | '/audit'
    | '/ai'
    | '/plan'
  label: string
  icon: LucideIcon
}

const clinicPlaces: Place[] = [
  { to: '/day', label: 'Day', icon: CalendarDays },
  { to: '/patients', label: 'Patients', icon: UsersRound },
  { to: '/inbox', label: 'Inbox', icon: Inbox },
]

const deskPlaces: Place[] = [...clinicPlaces, { to: '/outbox', label: 'Outbox', icon: Send }]

const aiPlaces: Place[] = [
  { to: '/messages', label: 'Messages', icon: MessagesSquare },
  { to: '/drafts', label: 'Drafts', icon: FilePen },
  { to: '/ask', label: 'Ask AI', icon: Sparkles },
]

const adminPlaces: Place[] = [
  { to: '/audit', label: 'Audit', icon: ScrollText },
  { to: '/ai', label: 'AI', icon: Sparkles },
  { to: '/plan', label: 'Plan', icon: ChartNoAxesCombined },
]

/** Only what exists and is open to the role. */
export function placesOf(role: Role): Place[] {
  if (role === 'admin') return adminPlaces
  if (role === 'patient') return []
  return role === 'receptionist' ? deskPlaces : [...clinicPlaces, ...aiPlaces]
}
