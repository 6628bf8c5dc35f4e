import type { PlanLine } from '../../api/shapes'

type Group = PlanLine['group']

/** The parts of a bill in the order in which they are stacked, with words for people. */
export const groups: { name: Group; label: string }[] = [
  { name: 'database', label: 'Database' },
  { name: 'compute', label: 'Machines' },
  { name: 'AI', label: 'AI at a provider' },
  { name: 'network', label: 'Network' },
  { name: 'safeguards', label: 'Safeguards' },
]
