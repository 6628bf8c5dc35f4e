/** Wall times at a place and the instants they mean. */

const minuteMs = 60_000

function wallOf(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant))
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'))
}

/**
 * The instant of a day and minutes after its midnight by the place's clock, as ISO text. Of a time
 * that comes twice it is the first; a time that the clocks skip has none.
 */
export function instantAt(day: string, minutes: number, zone: string): string | undefined {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs
  const offsets = [-1, 1].map((days) => {
    const near = wanted + days * 24 * 60 * minuteMs
    return wallOf(near, zone) - near
  })
  const found = offsets
    .map((offset) => wanted - offset)
    .filter((instant) => wallOf(instant, zone) === wanted)
    .sort((one, other) => one - other)[0]
  return found === undefined ? undefined : new Date(found).toISOString()
}

/** Minutes after midnight by the place's clock. */
export function minuteOfDay(instant: string, zone: string): number {
  const wall = new Date(wallOf(Date.parse(instant), zone))
  return wall.getUTCHours() * 60 + wall.getUTCMinutes()
}

/** `09:20` as minutes after midnight. */
export function minutesTyped(time: string): number | undefined {
  const found = /^(\d{1,2}):?(\d{2})$/.exec(time.trim())
  if (!found) return undefined
  const [hours, minutes] = [Number(found[1]), Number(found[2])]
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined
}

/** Minutes after midnight as `09:20`. */
export function timeOf(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** `Tuesday, December 1, 2026, 9:20 AM EST`: the words of the patient's own confirmation. */
export function toldTime(instant: string, zone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
    .format(new Date(instant))
    .replace(' at ', ', ')
    .replaceAll('\u202f', ' ')
}
