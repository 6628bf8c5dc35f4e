import { describe, expect, it } from 'vitest'
import type { PatientMessage } from '../../api/shapes'
import { byUrgency, clockWords, reasonsOf } from './message-order'

function aMessage(changes: Partial<PatientMessage> = {}): PatientMessage {
  return {
    id: 'm1',
    version: 1,
    patient: null,
    texts: ['Please renew my tablets.'],
    sent: '2026-11-24T14:30:00.000Z',
    due: '2026-11-26T14:30:00.000Z',
    urgency: 'usual',
    state: 'waiting',
    channel: 'message',
    klass: 'refill',
    lifts: [],
    method: 'local/message-classes-1',
    chance: 0.98,
    reason: null,
    change: null,
    taken_by: null,
    taken_at: null,
    reply: null,
    ...changes,
  }
}

describe('the order of messages', () => {
  it('shows urgent ones first and no empty group', () => {
    const groups = byUrgency([
      aMessage({ id: 'a' }),
      aMessage({ id: 'b', urgency: 'now' }),
      aMessage({ id: 'c' }),
    ])

    expect(groups.map(({ title }) => title)).toEqual(['Now', 'Within two days'])
    expect(groups[1]?.messages.map(({ id }) => id)).toEqual(['a', 'c'])
  })
})

describe('why a message stands where it stands', () => {
  it('names the words of a red flag before the class', () => {
    const lifts = [{ phrase: 'kill myself', rule: 'self-harm (a source)' }]

    expect(reasonsOf(aMessage({ lifts }))).toEqual([
      'Red flag “kill myself”, by the rule self-harm',
      'Sorted as refill, 98 % likely, by local/message-classes-1',
    ])
  })

  it('names who changed the class and still shows the red flag', () => {
    const change = {
      by: 'Nia',
      at: '2026-11-24T15:00:00Z',
      was: 'symptom',
      reason: 'Called.',
    } as const
    const lifts = [{ phrase: 'cannot breathe', rule: 'breath' }]

    expect(reasonsOf(aMessage({ change, lifts }))).toEqual([
      'Nia changed it from “Symptom”: Called.',
      'Red flag “cannot breathe”, by the rule breath',
    ])
  })

  it('says why there is no class', () => {
    const none = aMessage({ klass: 'unsorted', reason: 'Only English can be read.', method: null })

    expect(reasonsOf(none)).toEqual(['Not sorted: Only English can be read. Read it soon.'])
  })
})

describe('the response clock', () => {
  const due = '2026-11-24T15:00:00Z'

  it.each([
    ['2026-11-24T14:48:00Z', '12 min left', false],
    ['2026-11-24T12:30:00Z', '2 h 30 min left', false],
    ['2026-11-22T12:00:00Z', '2 d 3 h left', false],
    ['2026-11-24T15:05:00Z', 'Late by 5 min', true],
  ])('at %s says %s', (now, words, isOver) => {
    expect(clockWords(due, new Date(now))).toEqual({ words, isOver })
  })
})
