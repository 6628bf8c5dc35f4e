/** Sliders that reach from a handful to a health system: each step is a round number. */

const rounds = [1, 1.5, 2, 3, 4, 5, 7.5]

/** Round numbers from nothing to a most: 0, 10, 15, 20, 30 … */
export function stepsTo(most: number, first = 10): number[] {
  const found = [0]
  for (let power = first; power <= most; power *= 10) {
    found.push(...rounds.map((round) => Math.round(power * round)).filter((one) => one <= most))
  }
  return [...new Set(found)]
}

/** The place of the step nearest to a value. */
export function placeOf(value: number, steps: readonly number[]): number {
  const distances = steps.map((step) => Math.abs(step - value))
  return distances.indexOf(Math.min(...distances))
}
