import { describe, expect, it } from 'vitest'
import {
  calendarDay,
  clock,
  patientDate,
  patientTime,
  patientWeekdayDate,
  shiftDay,
  staffDate,
  staffInstant,
} from './dates'

const zone = 'America/New_York'

describe('dates for staff', () => {
  it('have the month in letters and a four-digit year', () => {
    expect(staffDate('2026-11-23', zone)).toBe('23-Nov-2026')
  })

  it('are those of the clinic, not of the browser', () => {
    expect(staffInstant('2026-11-24T02:30:00Z', zone)).toBe('23-Nov-2026, 21:30')
  })

  it('do not shift a plain birth date by a zone', () => {
    expect(staffDate('1968-03-14', 'Pacific/Auckland')).toBe('14-Mar-1968')
  })

  it('stay as exact as a partial birth date is', () => {
    expect(staffDate('1968', zone)).toBe('1968')
    expect(staffDate('1968-03', zone)).toBe('Mar-1968')
  })

  it('show midnight as 00:00', () => {
    expect(clock('2026-11-23T05:00:00Z', zone)).toBe('00:00')
  })
})

describe('dates for patients', () => {
  it('are written out', () => {
    expect(patientDate('2026-11-20T08:10:00-05:00', zone)).toBe('20 November 2026')
    expect(patientWeekdayDate('2026-12-04T09:30:00-05:00', zone)).toBe('Friday 4 December 2026')
  })

  it('name the place whose clock it is', () => {
    expect(patientTime('2026-12-04T14:30:00Z', zone)).toBe('9:30 am (New York time)')
  })
})

describe('days', () => {
  it('are counted across a clock change', () => {
    expect(shiftDay('2026-10-31', 1)).toBe('2026-11-01')
    expect(shiftDay('2026-11-01', 1)).toBe('2026-11-02')
    expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28')
  })

  it('begin at the clinic’s midnight', () => {
    expect(calendarDay('2026-11-24T04:59:00Z', zone)).toBe('2026-11-23')
    expect(calendarDay('2026-11-24T05:00:00Z', zone)).toBe('2026-11-24')
  })
})
