/** Where values of a chart stand. */

interface Scale {
  /** Pixels of a value. */
  at: (value: number) => number
  ticks: number[]
}

/** A scale from nothing to a most, with a handful of round ticks. */
export function scaleTo(most: number, from: number, to: number, wanted = 4): Scale {
  const step = roundStep(Math.max(most, 1e-9) / wanted)
  const top = Math.ceil(most / step - 1e-9) * step || step
  return {
    at: (value) => from + (value / top) * (to - from),
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step),
  }
}

/** The next of 1, 2, 2.5 and 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const found = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough - 1e-12) ?? 10
  return found * power
}

/** A scale that ends at a most exactly, with round ticks up to it. */
export function scaleUpTo(most: number, from: number, to: number, wanted = 4): Scale {
  const end = Math.max(most, 1e-9)
  const step = roundStep(end / wanted)
  return {
    at: (value) => from + (value / end) * (to - from),
    ticks: Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, at) => at * step),
  }
}

/** Move labels apart so that none covers another; both in the order given. */
export function spread(places: readonly number[], apart: number): number[] {
  const order = places.map((_, at) => at).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
  const found = [...places]
  order.forEach((at, place) => {
    const before = order[place - 1]
    if (before !== undefined) found[at] = Math.max(found[at] ?? 0, (found[before] ?? 0) + apart)
  })
  return found
}
