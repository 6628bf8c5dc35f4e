/** The city that names a zone: `New York` for `America/New_York`. */
export function cityOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

/** The zone of this browser. */
function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function wall(instant: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(instant))
}

/**
 * An instant by this browser's own clock, with the day where that differs; nothing where it shows
 * the same as the place's.
 */
export function ownTime(
  instant: string,
  place: string,
  language: string,
  zone = ownZone(),
): string | undefined {
  if (wall(instant, place) === wall(instant, zone)) return undefined
  const isOtherDay = wall(instant, place).slice(0, 10) !== wall(instant, zone).slice(0, 10)
  return new Intl.DateTimeFormat(language === 'es' ? 'es' : 'en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(isOtherDay ? { weekday: 'long', day: 'numeric', month: 'long' } : {}),
  }).format(new Date(instant))
}
