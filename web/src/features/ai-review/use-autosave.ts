import { useEffect, useEffectEvent, useState } from 'react'
import { asFailure, type FailedAnswer } from '../../api/errors'
import type { DraftView, RowEdit } from '../../api/shapes'
import { nothingPending, withEdit, withoutStored, type PendingEdits } from './review-edits'
import type { useDraft } from './use-draft'

/** How what is on screen stands to what is stored. */
export type SaveState =
  | { state: 'saved' }
  | { state: 'unsaved' }
  | { state: 'saving' }
  | { state: 'conflict' }
  | { state: 'failed'; message: string }

const pauseMs = 500

function outcomeOf(failure: FailedAnswer): SaveState {
  return failure.status === 409 || failure.status === 412
    ? { state: 'conflict' }
    : { state: 'failed', message: failure.message }
}

/**
 * Keep a person's changes and store them shortly after each. A refused or lost save keeps them and
 * waits to be asked; nothing is ever dropped without a person's word.
 */
export function useAutosave(draft: DraftView, edit: ReturnType<typeof useDraft>['edit']) {
  const [pending, setPending] = useState<PendingEdits>(nothingPending)
  const [trouble, setTrouble] = useState<SaveState | null>(null)
  const { isPending: saving, mutateAsync } = edit

  const save = async (): Promise<DraftView | undefined> => {
    if (pending.size === 0) return draft
    const sent = pending
    try {
      const stored = await mutateAsync({ version: draft.version, rows: [...sent.values()] })
      setTrouble(null)
      setPending((now) => withoutStored(now, sent))
      return stored
    } catch (error) {
      setTrouble(outcomeOf(asFailure(error)))
      return undefined
    }
  }

  const saveSoon = useEffectEvent(() => void save())
  useEffect(() => {
    if (pending.size === 0 || saving || trouble !== null) return undefined
    const timer = setTimeout(saveSoon, pauseMs)
    return () => {
      clearTimeout(timer)
    }
  }, [pending, saving, trouble])

  useEffect(() => {
    if (pending.size === 0) return undefined
    const warn = (event: BeforeUnloadEvent): void => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
    }
  }, [pending.size])

  const state: SaveState = saving
    ? { state: 'saving' }
    : (trouble ?? { state: pending.size > 0 ? 'unsaved' : 'saved' })
  return {
    pending,
    state,
    save,
    change: (change: RowEdit) => {
      setPending((now) => withEdit(now, change))
    },
    /** After a conflict: put the changes on top of the newer version, or let them go. */
    resolve: (keep: boolean) => {
      if (!keep) setPending(nothingPending)
      setTrouble(null)
    },
  }
}
