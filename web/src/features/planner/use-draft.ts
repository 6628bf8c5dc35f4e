import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { searchOf, type PlanInputs } from './plan-inputs'

interface Draft {
  inputs: PlanInputs
  /** The settled inputs it started from; when those change, the draft is over. */
  from: string
}

const settleAfterMs = 250

/** What somebody is just changing, until a pause settles it. */
export function useDraft(
  settled: PlanInputs,
  onSettle: (inputs: PlanInputs) => void,
): [PlanInputs, (change: Partial<PlanInputs>) => void] {
  const [draft, setDraft] = useState<Draft | null>(null)
  const from = JSON.stringify(searchOf(settled))
  const shown = draft !== null && draft.from === from ? draft.inputs : settled
  const settle = useDebouncedCallback(onSettle, settleAfterMs)
  return [
    shown,
    (change) => {
      const inputs = { ...shown, ...change }
      setDraft({ inputs, from })
      settle(inputs)
    },
  ]
}
