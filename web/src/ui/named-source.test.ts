import { describe, expect, it } from 'vitest'
import { namedSource, namedSources } from './named-source'

describe('a source', () => {
  it('is a name, a day and an address', () => {
    expect(
      namedSource('MedlinePlus: Anemia. https://medlineplus.gov/anemia.html (read 2026-11-24)'),
    ).toEqual({
      name: 'MedlinePlus: Anemia',
      day: '2026-11-24',
      isRead: true,
      link: 'https://medlineplus.gov/anemia.html',
    })
  })

  it('stays as it is where it tells no day and no address', () => {
    expect(namedSource('Glossary of the clinic')).toEqual({
      name: 'Glossary of the clinic',
      day: null,
      isRead: false,
      link: null,
    })
  })

  it('is dated where nobody says that it was read', () => {
    expect(
      namedSource('A page (named, not read); 2026-11-24 https://example.org/topics.html'),
    ).toEqual({
      name: 'A page (named, not read)',
      day: '2026-11-24',
      isRead: false,
      link: 'https://example.org/topics.html',
    })
  })

  it('is one of several in a line', () => {
    expect(namedSources('One (read 2026-11-24) · Two').map(({ name }) => name)).toEqual([
      'One',
      'Two',
    ])
  })
})
