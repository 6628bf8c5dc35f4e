import { describe, expect, it } from 'vitest'
import { wordDiff } from './word-diff'

function read(before: string, after: string): string {
  const marks = { same: '', added: '+', removed: '-' }
  return wordDiff(before, after)
    .map(({ text, change }) => (change === 'same' ? text : `[${marks[change]}${text}]`))
    .join('')
}

describe('the words a person changed', () => {
  it('marks what was taken out and what came in, and nothing else', () => {
    expect(read('Increase to 20 mg daily.', 'Increase to 10 mg daily.')).toBe(
      'Increase to [-20][+10] mg daily.',
    )
  })

  it('knows a text that was added to', () => {
    expect(read('Rest.', 'Rest. Drink.')).toBe('Rest.[+ Drink.]')
  })

  it('knows a text that is gone', () => {
    expect(read('Rest.', '')).toBe('[-Rest.]')
  })

  it('says nothing of texts that are alike', () => {
    expect(wordDiff('Rest.', 'Rest.')).toEqual([{ text: 'Rest.', change: 'same' }])
  })

  it('gives each text back whole', () => {
    const before = 'Take one  tablet\nat night, with water.'
    const after = 'Take two tablets\nat night.'
    const pieces = wordDiff(before, after)
    const of = (change: string) =>
      pieces
        .filter((piece) => piece.change !== change)
        .map(({ text }) => text)
        .join('')
    expect([of('added'), of('removed')]).toEqual([before, after])
  })
})
