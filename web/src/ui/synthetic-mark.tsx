import { Pill } from './pill'
import { useClinic } from './clinic-context'

/** Says that no real person's data is on screen; nothing in a real clinic. */
export function SyntheticMark() {
  return useClinic().synthetic ? <Pill tone="grey">Synthetic data</Pill> : null
}
