import { describe, expect, it } from 'vitest'
import type { ChartSafety, Interaction } from '../../api/shapes'
import { checkedWords, parted, severityWords, type Severity } from './severity'

function pair(a: string, severity: Severity): Interaction {
  return { a, b: 'other', severity, mechanism: '', management: '', source: '' }
}

function safety(changes: Partial<ChartSafety>): ChartSafety {
  return {
    checked_at: '2026-11-24T14:30:00.000Z',
    medicines: [],
    interactions: [],
    allergy_alerts: [],
    unknown: [],
    has_allergies_recorded: true,
    complaint: null,
    signs: null,
    ...changes,
  }
}

describe('interactions by severity', () => {
  it('puts the most severe first and folds away what need not interrupt', () => {
    const { pressing, others } = parted([
      pair('c', 'minor'),
      pair('b', 'major'),
      pair('d', 'moderate'),
      pair('a', 'contraindicated'),
    ])

    expect(pressing.map(({ a }) => a)).toEqual(['a', 'b'])
    expect(others.map(({ a }) => a)).toEqual(['d', 'c'])
  })

  it('tells severities apart by word and by shape', () => {
    const all = (['contraindicated', 'major', 'moderate', 'minor'] as const).map(severityWords)

    expect(new Set(all.map(({ label }) => label)).size).toBe(4)
    expect(all.map(({ bars }) => bars)).toEqual([4, 3, 2, 1])
  })
})

describe('what was checked', () => {
  it('does not count a medicine that no table knows', () => {
    expect(checkedWords(safety({ medicines: ['a', 'b', 'c'], unknown: ['c'] }))).toBe(
      '2 medicines were checked with each other, and with the recorded allergies.',
    )
  })

  it('says that nobody recorded allergies', () => {
    expect(checkedWords(safety({ medicines: ['a'], has_allergies_recorded: false }))).toContain(
      'no allergies are recorded',
    )
  })

  it('says that there was nothing to check', () => {
    expect(checkedWords(safety({}))).toContain('none were checked')
  })
})
