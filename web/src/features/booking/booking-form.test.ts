import { describe, expect, it } from 'vitest'
import { birthDate, emptyForm, lines, reachable, stepsOf } from './booking-form'
import { languageOf, stretch, wordsIn } from './booking-words'
import { ownTime } from './own-time'

const now = new Date('2026-11-24T12:00:00Z')
const told = { ...emptyForm, hasBeen: false, type: 'video' }

function born(day: string, month: string, year: string): string | undefined {
  return birthDate({ ...emptyForm, day, month, year }, now)
}

describe('a birth date', () => {
  it('is a day that was', () => {
    expect(born('27', '3', '1985')).toBe('1985-03-27')
    expect(born(' 1 ', '01', '2026')).toBe('2026-01-01')
    expect(born('29', '2', '2024')).toBe('2024-02-29')
  })

  it('is none where the calendar has no such day, or it is still to come', () => {
    expect(born('29', '2', '2023')).toBeUndefined()
    expect(born('31', '4', '1985')).toBeUndefined()
    expect(born('27', '3', '85')).toBeUndefined()
    expect(born('25', '11', '2026')).toBeUndefined()
    expect(born('', '', '')).toBeUndefined()
  })
})

describe('the way to a visit', () => {
  const steps = stepsOf(undefined)

  it('cannot be entered in the middle', () => {
    expect(reachable('code', steps, emptyForm, false)).toBe('before')
    expect(reachable('name', steps, { ...emptyForm, hasBeen: true }, false)).toBe('kind')
    expect(reachable('name', steps, told, false)).toBe('time')
    expect(reachable('name', steps, told, true)).toBe('name')
    expect(reachable('nowhere', steps, told, true)).toBe('before')
  })

  it('asks one question of the kind of visit after the other', () => {
    const question = { id: 'reason', kind: 'text', text: '', hint: '', required: true } as const
    const type = { questions: [question] } as never
    expect(stepsOf(type).slice(-3)).toEqual(['q-reason', 'agree', 'code'])
  })
})

describe("a visitor's own clock", () => {
  it('is told where it shows another time, with the day where that differs', () => {
    const nine = '2026-11-25T09:00:00-05:00'
    expect(ownTime(nine, 'America/New_York', 'en', 'Europe/Madrid')).toBe('15:00')
    expect(ownTime(nine, 'America/New_York', 'en', 'America/New_York')).toBeUndefined()
    expect(ownTime(nine, 'America/New_York', 'en', 'America/Toronto')).toBeUndefined()
    expect(ownTime(nine, 'America/New_York', 'en', 'Pacific/Kiritimati')).toContain('26 November')
  })

  it('is right on the days between the clock changes of two places', () => {
    const nine = '2026-03-10T09:00:00-04:00'
    expect(ownTime(nine, 'America/New_York', 'en', 'Europe/Madrid')).toBe('14:00')
  })
})

it('says a stretch of minutes as people do', () => {
  expect(stretch(60, wordsIn('en'))).toBe('1 hour')
  expect(stretch(2880, wordsIn('es'))).toBe('2 días')
  expect(stretch(90, wordsIn('en'))).toBe('90 minutes')
})

it('takes one thing of a list on each line', () => {
  expect(lines(' Penicillin \n\n Peanuts')).toEqual(['Penicillin', 'Peanuts'])
  expect(lines(undefined)).toEqual([])
})

it('speaks Spanish where it is asked to', () => {
  expect(languageOf('es-MX')).toBe('es')
  expect(languageOf('fr')).toBe('en')
})
