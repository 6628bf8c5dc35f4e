import { expect, test } from 'vitest'
import type { Day, Visit } from '../../api/shapes'
import { columnsOf } from './day-columns'

function aVisit(id: string, start: string, end: string, practitioner: string): Visit {
  return {
    id,
    version: 1,
    start,
    end,
    status: 'booked',
    status_text: 'Booked',
    reason: null,
    patient: { id: 'p', family: 'Okafor', given: 'Amara', prefix: null },
    practitioner: { id: practitioner, name: `Dr ${practitioner}` },
    place: 'Room 1',
    stage: 'booked',
    since: null,
    kind: null,
    squeezed: false,
  }
}

const day: Day = {
  date: '2026-11-24',
  zone: 'America/New_York',
  now: '2026-11-24T14:24:00Z',
  seen: 0,
  total: 3,
  visits: [
    aVisit('v1', '2026-11-24T14:00:00Z', '2026-11-24T14:40:00Z', 'ada'),
    aVisit('v2', '2026-11-24T14:20:00Z', '2026-11-24T14:40:00Z', 'ada'),
    aVisit('v3', '2026-11-24T14:40:00Z', '2026-11-24T15:00:00Z', 'ada'),
  ],
}

test('visits that meet stand beside each other, those that touch do not', () => {
  const [ada] = columnsOf(day, 'clinicians', [])
  expect(ada?.placed.map(({ lane, lanes }) => [lane, lanes])).toEqual([
    [0, 2],
    [1, 2],
    [0, 1],
  ])
})

test('a clinician without visits has a column, a room is one by name', () => {
  const names = columnsOf(day, 'clinicians', [{ id: 'bo', name: 'Dr Bo' }]).map((one) => one.name)
  expect(names).toEqual(['Dr Bo', 'Dr ada'])
  expect(columnsOf(day, 'rooms', []).map((one) => one.name)).toEqual(['Room 1'])
})
