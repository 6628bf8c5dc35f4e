import type { Money } from '../../api/shapes'

const cents = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
})
const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
})
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** `$89.40`, or `$19.00–24.00` where the two ends differ. */
export function money({ low, high }: Pick<Money, 'low' | 'high'>): string {
  if (low === high) return cents.format(high)
  return `${cents.format(low)}–${cents.format(high).slice(1)}`
}

/** `$89.40` */
export function amount(value: number): string {
  return cents.format(value)
}

/** `+$14.20`, `−$3.10` or `$0.00` */
export function difference(value: number): string {
  if (value === 0) return cents.format(0)
  return `${value > 0 ? '+' : '−'}${cents.format(Math.abs(value))}`
}

/** `$1,080`, for the axis of a chart. */
export function roundAmount(value: number): string {
  return dollars.format(value)
}

/** `10,000`, with one decimal at most. */
export function count(value: number): string {
  return plain.format(value)
}

/** `12`, or `2–5` where the two ends differ. */
export function span([low, high]: readonly number[]): string {
  return low === high || high === undefined ? count(low ?? 0) : `${count(low ?? 0)}–${count(high)}`
}

/** Days from one calendar day to another. */
export function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / 86_400_000)
}

/** `1 day old`, `95 days old` */
export function ageWords(days: number): string {
  return days === 1 ? '1 day old' : `${count(days)} days old`
}

/** A price read longer ago than this is to be checked first. */
export const oldAfterDays = 180

const names: Record<string, string> = {
  basic: 'Basic',
  production: 'Production',
  'self-hosted-ai': 'Self-Hosted AI',
  'lambda-ai': 'Lambda AI',
  gemini: 'Gemini API',
  'high-availability': 'Load Balancer',
  'multi-region': 'Multi-Region',
  traditional: 'Traditional',
}

/** The architectures by the names people read, in the guide's order. */
export const architectureChoices = Object.entries(names).map(([value, label]) => ({ value, label }))

/** `Lambda AI` of `lambda-ai`. */
export function architectureName(name: string): string {
  return names[name] ?? name
}
