import { describe, expect, it } from 'vitest'
import { aResult } from '../../testing/builders'
import { abnormalFirst } from './latest-results-card'

describe('the latest results', () => {
  it('put the newest day first, and in it what is critical, then abnormal', () => {
    const old = aResult({
      code: 'old',
      flag: 'CRITICAL_HIGH',
      collected_at: '2026-01-02T08:00:00Z',
    })
    const fine = aResult({ code: 'fine' })
    const high = aResult({ code: 'high', flag: 'HIGH' })
    const critical = aResult({ code: 'critical', flag: 'CRITICAL_LOW' })

    const order = abnormalFirst([old, fine, high, critical]).map((result) => result.code)

    expect(order).toEqual(['critical', 'high', 'fine', 'old'])
  })
})
