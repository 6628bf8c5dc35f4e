import { expect, test } from 'vitest'
import { instantAt, minuteOfDay, minutesTyped, timeOf, toldTime } from './wall-time'

const zone = 'America/New_York'

test('a wall time means the instant of its own season', () => {
  expect(instantAt('2026-11-24', 560, zone)).toBe('2026-11-24T14:20:00.000Z')
  expect(instantAt('2026-07-01', 560, zone)).toBe('2026-07-01T13:20:00.000Z')
})

test('a time that the clocks skip has no instant, one that comes twice is the first', () => {
  expect(instantAt('2026-03-08', 150, zone)).toBeUndefined()
  expect(instantAt('2026-11-01', 90, zone)).toBe('2026-11-01T05:30:00.000Z')
})

test('minutes of the day are those of the place', () => {
  expect(minuteOfDay('2026-11-24T14:20:00Z', zone)).toBe(560)
  expect(timeOf(560)).toBe('09:20')
  expect(minutesTyped('9:20')).toBe(560)
  expect(minutesTyped('24:00')).toBeUndefined()
})

test('a patient is told day, date, time and zone letters', () => {
  expect(toldTime('2026-12-01T14:20:00Z', zone)).toBe('Tuesday, December 1, 2026, 9:20 AM EST')
  expect(toldTime('2026-07-01T13:20:00Z', zone)).toBe('Wednesday, July 1, 2026, 9:20 AM EDT')
})
