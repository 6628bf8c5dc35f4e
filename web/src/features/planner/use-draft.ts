import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { searchOf, type PlanInputs } from './plan-inputs'

const settleAfterMs = 250

/** What somebody is just changing, until a pause settles it or the address changes. */
export function useDraft(
  settled: PlanInputs,
  onSettle: (inputs: PlanInputs) => void,
): [PlanInputs, (change: Partial<PlanInputs>) => void] {
  const [draft, setDraft] = useState<PlanInputs | null>(null)
  const address = JSON.stringify(searchOf(settled))
  const [seen, setSeen] = useState(address)
  if (seen !== address) {
    setSeen(address)
    setDraft(null)
  }
  const settle = useDebouncedCallback(onSettle, settleAfterMs)
  const shown = draft ?? settled
  return [
    shown,
    (change) => {
      const inputs = { ...shown, ...change }
      setDraft(inputs)
      settle(inputs)
    },
  ]
}
