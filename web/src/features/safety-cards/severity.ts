/** Interactions by how severe they are: in a word, in a shape and in an order. */

import type { AllergyAlert, ChartSafety, Interaction } from '../../api/shapes'
import type { PillTone } from '../../ui/pill'

export type Severity = Interaction['severity']

interface SeverityWords {
  label: string
  tone: PillTone
  /** How many of four bars are filled, so that colour never stands alone. */
  bars: number
}

const severities: Record<Severity, SeverityWords> = {
  contraindicated: { label: 'Contraindicated', tone: 'red-filled', bars: 4 },
  major: { label: 'Major', tone: 'red', bars: 3 },
  moderate: { label: 'Moderate', tone: 'amber', bars: 2 },
  minor: { label: 'Minor', tone: 'grey', bars: 1 },
}

export function severityWords(severity: Severity): SeverityWords {
  return severities[severity]
}

const order = Object.keys(severities)

/** The most severe first, then by name. */
function bySeverity(interactions: readonly Interaction[]): Interaction[] {
  return interactions.toSorted(
    (one, other) =>
      order.indexOf(one.severity) - order.indexOf(other.severity) ||
      `${one.a} ${one.b}`.localeCompare(`${other.a} ${other.b}`),
  )
}

/** What has to be thought of at once, and what is folded away until it is asked for. */
export function parted(interactions: readonly Interaction[]): {
  pressing: Interaction[]
  others: Interaction[]
} {
  const sorted = bySeverity(interactions)
  const isPressing = ({ severity }: Interaction): boolean =>
    severity === 'contraindicated' || severity === 'major'
  return {
    pressing: sorted.filter(isPressing),
    others: sorted.filter((one) => !isPressing(one)),
  }
}

/** Several alerts of one medicine and allergy are one. */
export function alertKey({ medication, allergy }: AllergyAlert): string {
  return `${medication} ${allergy}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** What was looked at, in a sentence, so that silence is not taken for safety. */
export function checkedWords({ medicines, unknown, has_allergies_recorded }: ChartSafety): string {
  if (medicines.length === 0) return 'No current medicines are recorded, so none were checked.'
  const known = medicines.length - unknown.length
  const allergies = has_allergies_recorded
    ? 'and with the recorded allergies'
    : 'but no allergies are recorded to check them with'
  return `${counted(known, 'medicine was', 'medicines were')} checked with each other, ${allergies}.`
}
