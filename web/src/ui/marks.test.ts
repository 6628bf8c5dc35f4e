import { describe, expect, it } from 'vitest'
import { piecesOf, spanOf, wordsAt } from './marks'

describe('marking words', () => {
  it('counts characters, not the halves that some take in a browser', () => {
    const text = '🫀 chest pain'

    expect(wordsAt(text, { start: 2, end: 7 })).toBe('chest')
    expect(piecesOf(text, [{ start: 2, end: 7 }]).map((piece) => piece.text)).toEqual([
      '🫀 ',
      'chest',
      ' pain',
    ])
  })

  it('marks words once where places overlap, and loses no letter', () => {
    const pieces = piecesOf('abcdef', [
      { start: 3, end: 9 },
      { start: 1, end: 4 },
    ])

    expect(pieces.filter((piece) => piece.marked).map((piece) => piece.text)).toEqual(['bcdef'])
    expect(pieces.map((piece) => piece.text).join('')).toBe('abcdef')
  })

  it('takes nothing for a place that is none', () => {
    expect(spanOf([4, 4])).toBeUndefined()
    expect(spanOf(['1', 2])).toBeUndefined()
    expect(spanOf(null)).toBeUndefined()
  })
})
