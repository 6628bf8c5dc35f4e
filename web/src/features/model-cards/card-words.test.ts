import { describe, expect, it } from 'vitest'
import type { ModelCard } from '../../api/shapes'
import { engineWords, spaced, standing, unbroken } from './card-words'

function engine(changes: Partial<ModelCard['engines'][number]> = {}) {
  return {
    name: 'local',
    available: true,
    asks_model: false,
    leaves_machine: false,
    reason: null,
    ...changes,
  }
}

function aCard(engines: ModelCard['engines']): ModelCard {
  return {
    task: 'sentiment',
    title: 'Say how a text feels',
    version: '1',
    audience: 'clinic',
    is_device: false,
    reads: [],
    engines,
    method: null,
  }
}

describe('a model card', () => {
  it('tells rules here from a model elsewhere', () => {
    expect(engineWords(engine())).toBe('rules and tables, on this machine')
    expect(engineWords(engine({ asks_model: true, leaves_machine: true }))).toBe(
      'asks a model, elsewhere',
    )
  })

  it('says whether anybody can do the task', () => {
    expect(standing(aCard([engine()]))).toBe('ready')
    expect(standing(aCard([engine({ leaves_machine: true })]))).toBe('elsewhere')
    expect(standing(aCard([engine({ available: false })]))).toBe('nobody')
  })

  it('does not part a value from its unit', () => {
    expect(unbroken('82 % / 86 % in 4 ms')).toBe('82\u00a0% / 86\u00a0% in 4\u00a0ms')
  })

  it('writes kinds of a record in words', () => {
    expect(spaced('MedicationRequest')).toBe('medication request')
  })
})
