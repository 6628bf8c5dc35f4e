import type { PortalResult } from '../../api/shapes'
import { isAbnormal } from '../../ui/flags'

/** Whether the platform's own rules say that something has to be done now. */
export function isUrgent({ flag, advice }: PortalResult): boolean {
  return (flag === 'CRITICAL_HIGH' || flag === 'CRITICAL_LOW') && advice !== null
}

function rank(result: PortalResult): number {
  if (isUrgent(result)) return 0
  return isAbnormal(result.flag) ? 1 : 2
}

/** What is urgent, then what is outside the usual range, then the rest as reported. */
export function urgentFirst(results: PortalResult[]): PortalResult[] {
  return results.toSorted((one, other) => rank(one) - rank(other))
}
