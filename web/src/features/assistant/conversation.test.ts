import { describe, expect, it } from 'vitest'
import type { AiAnswer } from '../../api/shapes'
import { changed, turnsWith, type Exchange } from './conversation'

function anAnswer(output: Record<string, unknown> | null): AiAnswer {
  return {
    task: 'patient-chat',
    status: output === null ? 'abstained' : 'ok',
    output,
    reason: null,
    engine: 'local',
    model: 'rules',
    prompt: null,
    sources: [],
    usage: {},
    findings: [],
    left_out: {},
    notice: null,
    draft: null,
  }
}

function asked(id: number, output: Record<string, unknown> | null): Exchange {
  return { id, question: `Question ${id}`, urgent: null, outcome: { answer: anAnswer(output) } }
}

describe('a conversation', () => {
  it('sends what was said before, without the marks of citations', () => {
    const before = [asked(1, { answer: 'It is 6.1 [1].', citations: [{ source: 'x', text: 'y' }] })]

    expect(turnsWith(before, 'And now?')).toEqual([
      { role: 'patient', text: 'Question 1' },
      { role: 'assistant', text: 'It is 6.1 .' },
      { role: 'patient', text: 'And now?' },
    ])
  })

  it('sends no answer where there was none', () => {
    expect(turnsWith([asked(1, null)], 'Again?').map(({ role }) => role)).toEqual([
      'patient',
      'patient',
    ])
  })

  it('sends the last twenty turns alone', () => {
    const many = Array.from({ length: 30 }, (_, at) => asked(at, { answer: 'So.', citations: [] }))

    const turns = turnsWith(many, 'Last?')

    expect(turns).toHaveLength(20)
    expect(turns.at(-1)?.text).toBe('Last?')
  })

  it('changes one exchange alone', () => {
    const two = [asked(1, null), asked(2, null)]

    expect(changed(two, 2, { question: 'Other' }).map(({ question }) => question)).toEqual([
      'Question 1',
      'Other',
    ])
  })
})
