import { describe, expect, it } from 'vitest'
import { rangeScale } from './range-scale'

describe('a range bar', () => {
  it('puts a value in range inside the band', () => {
    const scale = rangeScale({ low: 3.5, high: 5.1, value: 4.4 })

    expect(scale?.marker).toBeGreaterThan(scale?.bandStart ?? 1)
    expect(scale?.marker).toBeLessThan(scale?.bandEnd ?? 0)
  })

  it.each([
    { low: 3.5, high: 5.1, value: 6.1 },
    { low: null, high: 7, value: 7.3 },
    { low: 60, high: null, value: 40 },
    { low: 3.5, high: 5.1, value: 90 },
  ])('puts $value outside the band of $low to $high', ({ low, high, value }) => {
    const scale = rangeScale({ low, high, value })
    const marker = scale?.marker ?? 0.5

    expect(marker < (scale?.bandStart ?? 0) || marker > (scale?.bandEnd ?? 1)).toBe(true)
  })

  it('keeps the marker clear of the ends', () => {
    expect(rangeScale({ low: 1, high: 2, value: 1000 })?.marker).toBeLessThan(1)
    expect(rangeScale({ low: 10, high: 20, value: -1000 })?.marker).toBeGreaterThan(0)
  })

  it('draws nothing where the laboratory sent no range', () => {
    expect(rangeScale({ low: null, high: null, value: 5 })).toBeNull()
  })
})
