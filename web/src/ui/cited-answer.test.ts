import { describe, expect, it } from 'vitest'
import { citationTitle, citedAnswer, piecesOf, publishedSource, readable } from './cited-answer'

describe('an answer with citations', () => {
  it('cuts the marks out of the words and keeps what names no citation', () => {
    expect(piecesOf('It is 6.1 [1], which is high [2]. See [9].', 2)).toEqual([
      { words: 'It is 6.1 ' },
      { mark: 1 },
      { words: ', which is high ' },
      { mark: 2 },
      { words: '. See [9].' },
    ])
  })

  it('tells an entry of the record from a published source', () => {
    const { citations, escalation } = citedAnswer({
      answer: 'Potassium is a salt.',
      citations: [
        { source: 'Observation/o1', text: 'Potassium: 6.1 mmol/L' },
        { source: 'A glossary, read 2026-11-24', text: 'potassium' },
      ],
      escalation: null,
    })

    expect(citations.map(({ entry }) => entry)).toEqual([{ kind: 'Observation', id: 'o1' }, null])
    expect(citations.map(citationTitle)).toEqual(['Potassium: 6.1 mmol/L', 'A glossary'])
    expect(escalation).toBeNull()
  })

  it('names a published source by its title where the source is an address', () => {
    expect(
      publishedSource({ source: 'https://example.org/a.html', text: 'A topic; 2026-11-24' }),
    ).toMatchObject({ name: 'A topic', day: '2026-11-24', link: 'https://example.org/a.html' })
  })

  it('writes days and times as patients read them', () => {
    expect(readable('Visit, 2026-11-30T09:30:00-05:00, on 2026-11-24', 'America/New_York')).toBe(
      'Visit, 30 November 2026, 9:30 am (New York time), on 24 November 2026',
    )
  })

  it('survives an output of another form', () => {
    expect(citedAnswer({ answer: 7, citations: 'none' })).toEqual({
      pieces: [],
      citations: [],
      escalation: null,
    })
  })
})
