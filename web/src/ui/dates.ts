/** Dates that cannot be misread: month in letters for everyone, 24-hour clock for staff. */

type Parts = Record<string, string>

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function parts(instant: string | Date, zone: string, options: Intl.DateTimeFormatOptions): Parts {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
  return Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  )
}

function isDay(text: string): boolean {
  return /^\d{4}(-\d{2}(-\d{2})?)?$/.test(text)
}

/** `23-Nov-2026` from a plain date; a year or a year and month stay as exact as they are. */
export function staffDay(day: string): string {
  const [year, month, date] = day.split('-')
  const letters = months[Number(month) - 1]
  return [date, letters, year].filter((part) => part !== undefined).join('-')
}

/** `23-Nov-2026` in the clinic's zone; a plain date is not shifted. */
export function staffDate(when: string | Date, zone: string): string {
  if (typeof when === 'string' && isDay(when)) return staffDay(when)
  const { year, month, day } = parts(when, zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return staffDay(`${year ?? ''}-${month ?? ''}-${day ?? ''}`)
}

/** `09:24`, 24-hour, in the clinic's zone. */
export function clock(when: string | Date, zone: string): string {
  const { hour, minute } = parts(when, zone, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return `${hour ?? ''}:${minute ?? ''}`
}

/** `23-Nov-2026, 09:24` */
export function staffInstant(when: string | Date, zone: string): string {
  return `${staffDate(when, zone)}, ${clock(when, zone)}`
}

/** `Mon` */
export function weekday(when: string | Date, zone: string): string {
  return parts(when, zone, { weekday: 'short' }).weekday ?? ''
}

/** `Feb-25`, for the axis of a chart. */
export function monthTick(when: string | Date, zone: string): string {
  const { year, month } = parts(when, zone, { year: 'numeric', month: '2-digit' })
  return `${months[Number(month) - 1] ?? ''}-${(year ?? '').slice(2)}`
}

/** `2026-11-23`: the clinic's calendar day, for addresses and queries. */
export function calendarDay(when: string | Date, zone: string): string {
  const { year, month, day } = parts(when, zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return `${year ?? ''}-${month ?? ''}-${day ?? ''}`
}

/** `23 November 2026`, as patients read it. */
export function patientDate(when: string, zone: string): string {
  const asDay = isDay(when)
  const { year, month, day } = parts(asDay ? `${when}T12:00:00Z` : when, asDay ? 'UTC' : zone, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  })
  return `${day ?? ''} ${month ?? ''} ${year ?? ''}`
}

/** `Friday 4 December 2026` */
export function patientWeekdayDate(when: string, zone: string): string {
  const { weekday: name } = parts(when, zone, { weekday: 'long' })
  return `${name ?? ''} ${patientDate(when, zone)}`
}

/** `9:30 am (New York time)`, naming the place whose clock it is. */
export function patientTime(when: string, zone: string): string {
  const { hour, minute, dayPeriod } = parts(when, zone, {
    hour: 'numeric',
    minute: '2-digit',
    hour12: true,
  })
  const place = (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
  return `${hour ?? ''}:${minute ?? ''} ${(dayPeriod ?? '').toLowerCase()} (${place} time)`
}

/** The calendar day before or after; days are counted, clock changes do not matter. */
export function shiftDay(day: string, days: number): string {
  const moved = new Date(`${day}T12:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}
