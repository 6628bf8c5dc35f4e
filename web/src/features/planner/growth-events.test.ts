import { describe, expect, it } from 'vitest'
import type { PlanGrowth } from '../../api/shapes'
import { eventsOf } from './growth-events'

function aMonth(number: number, changes: Partial<PlanGrowth['months'][number]> = {}) {
  return {
    month: number,
    on: `2026-0${number}-01`,
    users: 100 * number,
    ai_requests_per_month: 0,
    architecture: 'production',
    title: 'Production',
    size: '1 x t3.small',
    total: { low: 20 * number, high: 20 * number, currency: 'USD' },
    groups: [],
    moved: number === 1 ? 'it starts' : '',
    crossings: [],
    guide: '',
    ...changes,
  }
}

function lived(...months: PlanGrowth['months']): PlanGrowth {
  const band = { p10: 1, p50: 2, p90: 3 }
  return {
    pattern: 'own',
    total: { low: 0, high: 0, currency: 'USD' },
    months,
    bands: { runs: 100, seed: 1, months: months.map(() => band), total: band },
  }
}

describe('what happens while a clinic grows', () => {
  it('is nothing where it only starts', () => {
    expect(eventsOf(lived(aMonth(1), aMonth(2)), null)).toEqual([])
  })

  it('is a move, a threshold and the first month above the budget, each numbered', () => {
    const crossing = { sentence: 'More than 1,000 active users', line: 940, leads_to: 'm10' }
    const growth = lived(
      aMonth(1),
      aMonth(2, { moved: 'more load' }),
      aMonth(3, { crossings: [crossing] }),
      aMonth(4),
    )

    const found = eventsOf(growth, 50)

    expect(found.map(({ number, month }) => [number, month.month])).toEqual([
      [1, 2],
      [2, 3],
    ])
    expect(found[0]?.text).toBe('Production, 1 x t3.small: more load')
    expect(found[1]?.text).toBe(
      'More than 1,000 active users (the guide, L940); the bill passes the budget: $60.00',
    )
  })
})
