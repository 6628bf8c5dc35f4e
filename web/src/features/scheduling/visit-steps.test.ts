import { expect, test } from 'vitest'
import type { Visit } from '../../api/shapes'
import { groupOf, groups, inGroup, mayUndo, stageWords, stepsOf, stepTo } from './visit-steps'

const now = new Date('2026-11-24T14:24:00Z')

function aVisit(changes: Partial<Visit> = {}): Visit {
  return {
    id: 'v1',
    version: 1,
    start: '2026-11-24T14:40:00Z',
    end: '2026-11-24T15:00:00Z',
    status: 'booked',
    status_text: 'Booked',
    reason: null,
    patient: { id: 'p1', family: 'Okafor', given: 'Amara', prefix: null },
    practitioner: null,
    place: null,
    stage: 'booked',
    since: null,
    kind: null,
    squeezed: false,
    ...changes,
  }
}

test('the usual next step comes first', () => {
  const usual = (stage: string) => stepsOf(aVisit({ stage })).shown[0]?.stage
  expect(['booked', 'confirmed', 'arrived', 'roomed', 'with-clinician', 'done'].map(usual)).toEqual(
    ['arrived', 'arrived', 'roomed', 'with-clinician', 'done', undefined],
  )
})

test('a step that does not follow is not offered', () => {
  expect(stepTo(aVisit({ stage: 'booked' }), 'done')).toBeUndefined()
  expect(stepTo(aVisit({ stage: 'roomed' }), 'done')?.label).toBe('Done')
})

test('a visit that should have begun a quarter of an hour ago needs action', () => {
  expect(groupOf(aVisit({ start: '2026-11-24T14:10:00Z' }), now)).toBe('expected')
  expect(groupOf(aVisit({ start: '2026-11-24T14:08:00Z' }), now)).toBe('action')
})

test('each visit is counted once, cancelled and missed ones nowhere', () => {
  const stages = ['booked', 'arrived', 'roomed', 'with-clinician', 'done', 'cancelled', 'no-show']
  const visits = stages.map((stage, at) => aVisit({ id: `v${at}`, stage }))
  expect(groups.map((group) => inGroup(visits, group, now).length)).toEqual([1, 1, 2, 1, 0])
})

test('the timer counts whole minutes of the stage', () => {
  const waiting = aVisit({ stage: 'arrived', since: '2026-11-24T14:17:30Z' })
  expect(stageWords(waiting, now)).toBe('Arrived · 6 min')
})

test('signed work and untouched visits have nothing to undo', () => {
  expect(mayUndo(aVisit())).toBe(false)
  expect(mayUndo(aVisit({ stage: 'done', status: 'signed' }))).toBe(false)
  expect(mayUndo(aVisit({ stage: 'arrived', status: 'arrived' }))).toBe(true)
})
