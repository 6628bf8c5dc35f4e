import type { VisitStatus } from '../../api/shapes'
import type { PillTone } from '../../ui/pill'

const tones: Record<VisitStatus, PillTone> = {
  booked: 'grey',
  arrived: 'green',
  'in-room': 'brand-filled',
  done: 'green',
  signed: 'green',
  'no-show': 'red',
  cancelled: 'grey',
}

/** The colour that repeats a visit's state; the word is the platform's. */
export function visitTone(status: VisitStatus): PillTone {
  return tones[status]
}

/** Whether the visit is over. */
export function isSeen(status: VisitStatus): boolean {
  return status === 'done' || status === 'signed'
}
