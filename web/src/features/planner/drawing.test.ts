import { describe, expect, it } from 'vitest'
import { scaleTo, scaleUpTo, spread } from '../../ui/chart-scale'
import { linesOf, placeDiagram } from './diagram-layout'
import { placeOf, stepsTo } from './slider-steps'

describe('scales', () => {
  it('ends at a round tick above the most', () => {
    const { at, ticks } = scaleTo(93, 100, 0)

    expect(ticks).toEqual([0, 25, 50, 75, 100])
    expect(at(0)).toBe(100)
    expect(at(100)).toBe(0)
  })

  it('ends at the most itself where the room is wanted', () => {
    expect(scaleUpTo(1045, 0, 500).ticks).toEqual([0, 500, 1000])
    expect(scaleUpTo(1045, 0, 500).at(1045)).toBe(500)
  })

  it('moves labels apart in the order of their places', () => {
    expect(spread([50, 48, 90], 15)).toEqual([63, 48, 90])
  })
})

describe('a diagram', () => {
  const node = (id: string, rank: number) => ({ id, label: id, rank, count: 1, ours: true })
  const placed = placeDiagram(
    {
      nodes: [node('cdn', 1), node('web', 2), node('api', 3)],
      links: [
        ['cdn', 'web'],
        ['cdn', 'api'],
      ],
    },
    400,
  )

  it('leads a link that skips a row past its boxes, never through one', () => {
    const web = placed.nodes.find(({ id }) => id === 'web')
    const lane = Number(/H([\d.]+)V/.exec(placed.links[1]?.path ?? '')?.[1])

    expect(lane).toBeGreaterThan((web?.x ?? 0) + (web?.width ?? 0))
    expect(lane).toBeLessThan(400)
  })

  it('keeps every box inside the drawing and in the row of its rank', () => {
    expect(placed.nodes.every(({ x, width }) => x >= 0 && x + width <= 400)).toBe(true)
    expect(placed.nodes.map(({ y }) => y)).toEqual([4, 82, 160])
  })

  it('cuts long labels into two lines', () => {
    expect(linesOf('Redis, worker and model on the same box', 172)).toHaveLength(2)
    expect(linesOf('API on t3.small', 172)).toEqual(['API on t3.small'])
  })
})

describe('slider steps', () => {
  it('are round, rising and end at the most', () => {
    const steps = stepsTo(1000)

    expect(steps[0]).toBe(0)
    expect(steps.at(-1)).toBe(1000)
    expect([...steps].sort((a, b) => a - b)).toEqual(steps)
  })

  it('find the nearest place of any number', () => {
    expect(stepsTo(1000)[placeOf(285, stepsTo(1000))]).toBe(300)
  })
})
