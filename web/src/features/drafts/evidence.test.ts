import { describe, expect, it } from 'vitest'
import { aTaskDraft } from '../../testing/builders'
import { evidenceOf, sentencesOf, shownOf, valueAt, withValue } from './evidence'

describe('what a draft rests on', () => {
  it('ties each sentence to the claims made in it', () => {
    const draft = aTaskDraft()
    const evidence = evidenceOf(draft)

    const [first, second] = sentencesOf('Cough for 3 days. No fever.', evidence)

    expect(first?.evidence.map(({ number }) => number)).toEqual([1])
    expect(second?.evidence.map(({ number }) => number)).toEqual([2])
  })

  it('does not end a sentence at a decimal point or an abbreviation', () => {
    const said = sentencesOf('HbA1c 7.3 %, down from 7.5. Dr. smith agrees.', [])
    expect(said.map(({ text }) => text)).toEqual([
      'HbA1c 7.3 %, down from 7.5.',
      'Dr. smith agrees.',
    ])
  })

  it('shows a claim on its own only where no sentence makes it', () => {
    const draft = aTaskDraft()
    expect(shownOf(draft).beside).toEqual([])

    const stray = aTaskDraft({
      output: {
        ...draft.output,
        claims: [{ text: 'Never smoked', spans: [[0, 5]] }],
      },
    })
    expect(shownOf(stray).beside.map(({ place }) => place)).toEqual(['claims'])
  })

  it('drops a claim that a person wrote over', () => {
    const draft = aTaskDraft()
    const sections = { subjective: 'Cough for 2 days. No fever.', plan: 'Rest and drink.' }
    const changed = aTaskDraft({ said: draft.output, output: { ...draft.output, sections } })
    expect(shownOf(changed).beside).toEqual([])
  })

  it('points to entries of the record by their name', () => {
    const draft = aTaskDraft({
      task: 'decision-support',
      given: [{ source: 'Observation/7', text: 'Potassium 6.9' }],
      output: {
        cards: [{ summary: 'Potassium is high', detail: '', source: '[Observation/7]' }],
      },
      parts: [{ place: 'cards', unsettled: 0, signed_off_by: null, signed_off_at: null }],
    })
    expect(evidenceOf(draft)[0]?.sources).toEqual(['Observation/7'])
  })

  it('shows every part that has to be signed off, also one that no reader knows', () => {
    const draft = aTaskDraft({
      task: 'video-analysis',
      output: { scenes: [{ start_s: 0, end_s: 2, description: 'A wound.' }], note: 'Short.' },
      parts: ['scenes', 'note'].map((place) => ({
        place,
        unsettled: 0,
        signed_off_by: null,
        signed_off_at: null,
      })),
    })
    expect(shownOf(draft).parts.map(({ place }) => place)).toEqual(['scenes', 'note'])
  })

  it('changes one place and leaves the rest', () => {
    const output = { sections: { plan: 'Rest.', objective: 'Well.' }, claims: [] }
    const changed = withValue(output, 'sections.plan', 'Drink.')
    expect(valueAt(changed, 'sections.plan')).toBe('Drink.')
    expect(valueAt(changed, 'sections.objective')).toBe('Well.')
    expect(valueAt(output, 'sections.plan')).toBe('Rest.')
  })
})
