import { describe, expect, it } from 'vitest'
import {
  growthQueryOf,
  inputsKept,
  inputsOf,
  keep,
  ownCurve,
  planSearch,
  queryOf,
  searchOf,
  startingInputs,
} from './plan-inputs'

describe('inputs and the address', () => {
  it('leaves the address empty at the start', () => {
    expect(searchOf(startingInputs)).toEqual({})
    expect(inputsOf({})).toEqual(startingInputs)
  })

  it('reads back whatever it wrote', () => {
    const inputs = {
      ...startingInputs,
      patients: 900,
      documents: 12,
      budget: null,
      compliance: 'gdpr' as const,
      isPrivate: true,
      growth: 'high' as const,
      beside: 'basic',
    }

    expect(inputsOf(searchOf(inputs))).toEqual(inputs)
  })

  it('keeps a plan whole, but for what stands beside it', () => {
    const inputs = { ...startingInputs, patients: 900, budget: null, beside: 'basic' }

    expect(inputsKept(keep(inputs))).toEqual({ ...inputs, beside: null })
    expect(inputsKept(keep(startingInputs))).toEqual(startingInputs)
  })

  it('keeps only its own names and ignores what makes no sense', () => {
    const search = planSearch({ patients: 40, compliance: 'iso', other: 'x', ai: 'many' })

    expect(search).toEqual({ patients: 40, compliance: 'iso', ai: 'many' })
    expect(inputsOf(search)).toEqual({ ...startingInputs, patients: 40 })
  })

  it('passes a negative number on, so that the planner says what is wrong with it', () => {
    expect(queryOf(inputsOf({ patients: -20, staff: 5 })).users).toBe('-15')
  })
})

describe('what is asked', () => {
  it('adds patients and staff to users and leaves out what is not stated', () => {
    expect(queryOf(startingInputs)).toEqual({
      users: '300',
      ai_requests_per_month: '10000',
      compliance: 'hipaa',
      months: '36',
      catalog: 'current',
      budget: '100',
    })
  })

  it('lets growth go on past the budget', () => {
    expect(growthQueryOf(startingInputs)).not.toHaveProperty('budget')
    expect(growthQueryOf({ ...startingInputs, growth: 'low' })).toMatchObject({ growth: 'low' })
  })

  it('writes own growth as a point a year that ends with the plan', () => {
    const inputs = { ...startingInputs, patients: 85, ai: 1000, yearly: 100, months: 30 }

    expect(ownCurve(inputs)).toBe('1:100:1000,12:200:2000,24:400:4000,30:566:5657')
  })
})
