import { expect, test } from 'vitest'
import { kindWords, stateChoices, stateWords, waysWords, wayWords } from './outbox-words'

const message = {
  id: 'm1',
  direction: 'out' as const,
  kind: 'booked',
  patient: 'p1',
  patient_name: 'Ada Lane',
  way: 'mail' as const,
  to: 'a•••@example.com',
  state: 'not-sent' as const,
  why: null,
  subject: null,
  text: null,
  visits: [],
  at: '2026-11-24T09:00:00Z',
  sent_at: null,
  can_send_again: true,
}

test('a message says by which way and where to', () => {
  expect(wayWords(message)).toBe('E-mail to a•••@example.com')
  expect(wayWords({ ...message, way: 'sms', direction: 'in', to: '•••12' })).toBe(
    'Text message from •••12',
  )
  expect(wayWords({ ...message, way: null })).toBe('No way to write to them')
})

test('only what does not send is told of before the list', () => {
  expect(waysWords({ mail: 'sends', sms: 'sends' })).toBeUndefined()
  expect(waysWords({ mail: 'off', sms: 'sends' })).toContain('No e-mail server')
})

test('every state has words, and so has a kind that is new', () => {
  expect(stateChoices.map(({ value }) => stateWords(value).words)).not.toContain('')
  expect(kindWords('booked')).toBe('Visit booked')
  expect(kindWords('other')).toBe('other')
})
