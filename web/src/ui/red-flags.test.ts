import { describe, expect, it } from 'vitest'
import { phrasesOf, ruleSourcesOf, rulesOf } from './red-flags'

const flags = [
  { phrase: 'chest', rule: 'seen-today (General knowledge: read these rules)' },
  { phrase: 'chest feels tight', rule: 'chest-pain (A service: When to call (facts: the list))' },
  { phrase: 'chest feels tight', rule: 'heart (A service: When to call (facts: the list))' },
]

describe('red flags', () => {
  it('name each phrase once, and not a part of a longer one', () => {
    expect(phrasesOf(flags)).toEqual(['chest feels tight'])
  })

  it('name each rule and each source once', () => {
    expect(rulesOf(flags)).toEqual(['seen-today', 'chest-pain', 'heart'])
    expect(ruleSourcesOf(flags)).toEqual([
      'General knowledge: read these rules',
      'A service: When to call (facts: the list)',
    ])
  })
})
