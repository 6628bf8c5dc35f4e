import { describe, expect, it } from 'vitest'
import { aPortalResult } from '../../testing/builders'
import { isUrgent, urgentFirst } from './urgency'

describe('a patient’s results', () => {
  it('begin with what needs a call now', () => {
    const fine = aPortalResult({ code: 'fine' })
    const high = aPortalResult({ code: 'high', flag: 'HIGH' })
    const call = aPortalResult({ code: 'call', flag: 'CRITICAL_HIGH', advice: 'Call now.' })

    expect(urgentFirst([fine, high, call]).map(({ code }) => code)).toEqual([
      'call',
      'high',
      'fine',
    ])
  })

  it('never invent advice', () => {
    expect(isUrgent(aPortalResult({ flag: 'CRITICAL_HIGH', advice: null }))).toBe(false)
  })
})
