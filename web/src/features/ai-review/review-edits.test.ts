import { describe, expect, it } from 'vitest'
import { aDraft, aRow } from '../../testing/builders'
import {
  leftToCheck,
  neighbour,
  nextToCheck,
  nothingPending,
  rowsWith,
  withEdit,
  withoutStored,
} from './review-edits'

const draft = aDraft({
  rows: [
    aRow({ index: 0, status: 'checked' }),
    aRow({ index: 1, test: 'Glucose', must_check: true, problem: 'The reading is unsure.' }),
    aRow({ index: 2, test: 'Sodium', must_check: true, must_change: true }),
    aRow({ index: 3, test: 'Calcium' }),
  ],
})

describe('what is left to check', () => {
  it('counts the rows that stand in the way of signing', () => {
    expect(leftToCheck(rowsWith(draft, nothingPending))).toBe(2)
  })

  it('falls as soon as a row is marked checked', () => {
    const pending = withEdit(nothingPending, { index: 1, status: 'checked' })

    expect(leftToCheck(rowsWith(draft, pending))).toBe(1)
  })

  it('does not fall by looking at a row that has to be changed', () => {
    const pending = withEdit(nothingPending, { index: 2, status: 'checked' })

    expect(leftToCheck(rowsWith(draft, pending))).toBe(2)
  })

  it('falls when such a row is corrected or removed', () => {
    const corrected = withEdit(nothingPending, { index: 2, status: 'corrected', value: '139' })
    const removed = withEdit(nothingPending, { index: 2, status: 'removed' })

    expect(leftToCheck(rowsWith(draft, corrected))).toBe(1)
    expect(leftToCheck(rowsWith(draft, removed))).toBe(1)
  })
})

describe('changes not stored yet', () => {
  it('show on top of what is stored', () => {
    const pending = withEdit(nothingPending, { index: 1, status: 'corrected', value: '5.4' })

    expect(rowsWith(draft, pending)[1]).toMatchObject({ value: '5.4', unit: 'mmol/L' })
  })

  it('can empty a field', () => {
    const pending = withEdit(nothingPending, { index: 1, status: 'corrected', high: null })

    expect(rowsWith(draft, pending)[1]?.high).toBeNull()
  })

  it('add up for one row', () => {
    const once = withEdit(nothingPending, { index: 1, status: 'corrected', value: '5.4' })
    const twice = withEdit(once, { index: 1, status: 'removed' })

    expect(twice.get(1)).toEqual({ index: 1, status: 'removed', value: '5.4' })
  })

  it('survive a save that went out before they were made', () => {
    const sent = withEdit(nothingPending, { index: 1, status: 'checked' })
    const meanwhile = withEdit(sent, { index: 1, status: 'to-check' })

    expect(withoutStored(sent, sent).size).toBe(0)
    expect(withoutStored(meanwhile, sent).get(1)?.status).toBe('to-check')
  })
})

describe('moving through the rows', () => {
  it('goes to the next that stands in the way, then begins again at the top', () => {
    expect(nextToCheck(draft.rows, 0)).toBe(1)
    expect(nextToCheck(draft.rows, 2)).toBe(1)
  })

  it('stays at the ends', () => {
    expect(neighbour(draft.rows, 3, 1)).toBe(3)
    expect(neighbour(draft.rows, 0, -1)).toBe(0)
    expect(neighbour([], null, 1)).toBeNull()
  })
})
