import { describe, expect, it } from 'vitest'
import { aDraftLine, aPatient } from '../../testing/builders'
import { byPatient, byUrgency, draftsOf } from './draft-groups'

const urgent = aDraftLine({ id: 'a', urgency: 'now' })
const usual = aDraftLine({ id: 'b', urgency: 'usual', status: 'reviewed' })
const signed = aDraftLine({ id: 'c', status: 'signed' })
const nobody = aDraftLine({ id: 'd', patient: null })
const other = aDraftLine({ id: 'e', patient: aPatient({ id: 'p9', family: 'Abel' }) })

describe('the list of drafts', () => {
  it('holds what waits apart from what is closed', () => {
    expect(draftsOf([urgent, usual, signed], 'open')).toEqual([urgent, usual])
    expect(draftsOf([urgent, usual, signed], 'signed')).toEqual([signed])
  })

  it('puts what may harm first and leaves out what there is none of', () => {
    expect(byUrgency([usual, urgent]).map(({ key }) => key)).toEqual(['now', 'usual'])
  })

  it('groups by patient by name, and those about nobody last', () => {
    expect(byPatient([nobody, urgent, other, usual]).map(({ drafts }) => drafts.length)).toEqual([
      1, 2, 1,
    ])
    expect(byPatient([nobody, other]).at(-1)?.title).toBe('About no patient')
  })
})
