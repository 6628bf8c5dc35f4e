import type { Day, Visit } from '../../api/shapes'
import { minuteOfDay } from './wall-time'

export type ColumnsBy = 'clinicians' | 'rooms'

/** A visit where it is drawn: minutes of the day, and which of the lanes beside each other. */
interface Placed {
  visit: Visit
  begin: number
  end: number
  lane: number
  lanes: number
}

export interface Column {
  /** Of the clinician; `null` for rooms and for visits with nobody. */
  practitioner: string | null
  name: string
  placed: Placed[]
}

function laid(visits: readonly Visit[], day: Day): Placed[] {
  const ends: number[] = []
  const found = visits.map((visit) => {
    const begin = minuteOfDay(visit.start, day.zone)
    const end = begin + Math.max(5, (Date.parse(visit.end) - Date.parse(visit.start)) / 60_000)
    const free = ends.findIndex((at) => at <= begin)
    const lane = free < 0 ? ends.length : free
    ends[lane] = end
    return { visit, begin, end, lane }
  })
  return found.map((one) => {
    const meeting = found.filter((other) => other.begin < one.end && one.begin < other.end)
    return { ...one, lanes: Math.max(...meeting.map(({ lane }) => lane)) + 1 }
  })
}

/** The day's visits by clinician or by room; cancelled ones take no place. */
export function columnsOf(
  day: Day,
  by: ColumnsBy,
  clinicians: readonly { id: string; name: string }[],
): Column[] {
  const standing = day.visits.filter(({ status }) => status !== 'cancelled')
  const keyOf = (visit: Visit): string =>
    by === 'rooms' ? (visit.place ?? '') : (visit.practitioner?.id ?? '')
  const named = new Map<string, string>(
    by === 'rooms' ? [] : clinicians.map(({ id, name }) => [id, name]),
  )
  for (const visit of standing) {
    const key = keyOf(visit)
    const name = by === 'rooms' ? visit.place : visit.practitioner?.name
    if (!named.has(key)) named.set(key, name ?? (by === 'rooms' ? 'No room' : 'Anyone'))
  }
  return [...named].map(([key, name]) => ({
    practitioner: by === 'rooms' || key === '' ? null : key,
    name,
    placed: laid(
      standing.filter((visit) => keyOf(visit) === key),
      day,
    ),
  }))
}
