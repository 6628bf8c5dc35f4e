import { describe, expect, it } from 'vitest'
import { namedSource } from './definition'

function cited(source: string) {
  return namedSource({ number: 1, source, text: 'Words.', entry: null })
}

describe('the source of a definition', () => {
  it('is a name, a day and an address', () => {
    expect(
      cited('MedlinePlus: Anemia. https://medlineplus.gov/anemia.html (read 2026-11-24)'),
    ).toEqual({
      number: 1,
      name: 'MedlinePlus: Anemia',
      readOn: '2026-11-24',
      link: 'https://medlineplus.gov/anemia.html',
      text: 'Words.',
    })
  })

  it('stays as it is where it tells no day and no address', () => {
    expect(cited('Glossary of the clinic')).toMatchObject({
      name: 'Glossary of the clinic',
      readOn: null,
      link: null,
    })
  })
})
