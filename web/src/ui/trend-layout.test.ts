import { describe, expect, it } from 'vitest'
import { aTrend } from '../testing/builders'
import { layOutTrend, niceStep } from './trend-layout'

const frame = { width: 400, height: 220, left: 36, right: 8, top: 34, bottom: 24 }

describe('a trend', () => {
  it('runs from left to right and puts higher values higher', () => {
    const [first, , last] = layOutTrend(aTrend(), frame).points

    expect(first?.x).toBeLessThan(last?.x ?? 0)
    expect(first?.y).toBeLessThan(last?.y ?? 0)
  })

  it('has every point, the target and its ticks inside the frame', () => {
    const layout = layOutTrend(aTrend(), frame)
    const ys = [
      ...layout.points.map((point) => point.y),
      ...layout.yTicks.map((tick) => tick.y),
      layout.band?.top ?? 0,
      layout.band?.bottom ?? 0,
    ]

    expect(Math.min(...ys)).toBeGreaterThanOrEqual(frame.top - 0.001)
    expect(Math.max(...ys)).toBeLessThanOrEqual(frame.height - frame.bottom + 0.001)
  })

  it('fills the target from its upper end to the bottom when it has no lower end', () => {
    const { band, points } = layOutTrend(aTrend({ low: null, high: 7 }), frame)

    expect(band?.bottom).toBeCloseTo(frame.height - frame.bottom)
    expect(band?.top).toBeGreaterThan(points.at(-1)?.y ?? 0)
  })

  it('can draw a single value', () => {
    const [only] = aTrend().points
    const layout = layOutTrend(aTrend({ points: only ? [only] : [] }), frame)

    expect(Number.isFinite(layout.points[0]?.x)).toBe(true)
    expect(Number.isFinite(layout.points[0]?.y)).toBe(true)
  })

  it('labels the newest value even where labels would run into each other', () => {
    const points = Array.from({ length: 60 }, (_, day) => ({
      at: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
      value: 5,
      value_text: '5',
      flag: null,
      observation_id: String(day),
    }))
    const layout = layOutTrend(aTrend({ points }), frame)

    expect(layout.points.at(-1)?.labelled).toBe(true)
    expect(layout.points.filter((point) => point.labelled).length).toBeLessThan(20)
  })

  it('names two changes of the same day once', () => {
    const at = '2026-04-20T08:00:00-05:00'
    const events = [
      { at, label: 'Metformin started' },
      { at, label: 'Lisinopril started' },
    ]

    expect(layOutTrend(aTrend({ events }), frame).events.map(({ label }) => label)).toEqual([
      'Metformin started and 1 more',
    ])
  })

  it('draws every change and names the newer where names would collide', () => {
    const events = [
      { at: '2026-04-20T08:00:00-05:00', label: 'Older' },
      { at: '2026-05-10T08:00:00-05:00', label: 'Newer' },
    ]

    const drawn = layOutTrend(aTrend({ events }), frame).events

    expect(drawn.map(({ label, named }) => [label, named])).toEqual([
      ['Older', false],
      ['Newer', true],
    ])
  })

  it('shows nothing below zero of what cannot be negative', () => {
    const points = aTrend({}).points.map((point, at) => ({ ...point, value: 1 + at * 9 }))

    const ticks = layOutTrend(aTrend({ points, low: 15, high: 200 }), frame).yTicks

    expect(Math.min(...ticks.map(({ label }) => Number(label)))).toBe(0)
  })

  it('leaves out events before the first and after the last value', () => {
    const events = [{ at: '2020-01-01T00:00:00Z', label: 'Long before' }]

    expect(layOutTrend(aTrend({ events }), frame).events).toEqual([])
  })
})

describe('steps of an axis', () => {
  it.each([
    [3, 3, 1],
    [0.9, 3, 0.5],
    [70, 3, 25],
    [0.04, 4, 0.01],
  ])('span %d in about %d parts by %d', (span, count, step) => {
    expect(niceStep(span, count)).toBeCloseTo(step)
  })
})
