import { useEffect, useRef, type RefObject } from 'react'
import type { Visit } from '../../api/shapes'
import { stepsOf, stepTo, type Stage, type VisitStep } from './visit-steps'

const stageOfKey: Partial<Record<string, Stage>> = { a: 'arrived', r: 'roomed', d: 'done' }

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null
  )
}

/** J and K go through the rows; Enter, A, R and D take steps with the row that has the focus. */
export function useBoardKeys(
  list: RefObject<HTMLOListElement | null>,
  visits: readonly Visit[],
  take: (visit: Visit, step: VisitStep) => void,
): void {
  const latest = useRef({ visits, take })
  useEffect(() => {
    latest.current = { visits, take }
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-visit]') ?? [])]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      if (event.key === 'j' || event.key === 'k') {
        const to = event.key === 'j' ? at + 1 : Math.max(0, at - 1)
        rows[Math.min(to, rows.length - 1)]?.focus()
        return
      }
      const row = rows[at]
      const visit = latest.current.visits.find((one) => one.id === row?.dataset.visit)
      if (row === undefined || visit === undefined) return
      const step = stepForKey(event.key, visit, row === event.target)
      if (step === undefined) return
      event.preventDefault()
      latest.current.take(visit, step)
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
    }
  }, [list])
}

function stepForKey(key: string, visit: Visit, onRow: boolean): VisitStep | undefined {
  // On a button, Enter is the button's own.
  if (key === 'Enter') return onRow ? stepsOf(visit).shown[0] : undefined
  const stage = stageOfKey[key]
  return stage === undefined ? undefined : stepTo(visit, stage)
}
