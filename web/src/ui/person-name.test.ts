import { describe, expect, it } from 'vitest'
import { fullName, initialsOf, listName } from './person-name'

describe('a patient’s name', () => {
  it('is family in capitals, given, title', () => {
    expect(fullName({ family: 'Okafor', given: 'Amara', prefix: 'Ms' })).toBe('OKAFOR, Amara (Ms)')
  })

  it('does without what is not known', () => {
    expect(fullName({ family: 'Okafor', given: 'Amara', prefix: null })).toBe('OKAFOR, Amara')
    expect(listName({ family: 'Okafor', given: '' })).toBe('OKAFOR')
  })
})

describe('initials', () => {
  it.each([
    ['Dr Ada Okonkwo', 'AO'],
    ['Nia Patel, RN', 'NP'],
    ['Cher', 'C'],
  ])('of %s are %s', (name, expected) => {
    expect(initialsOf(name)).toBe(expected)
  })
})
