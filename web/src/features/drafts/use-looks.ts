import { useEffect } from 'react'
import { client } from '../../api/client'

const beatMs = 60_000

function tell(draftId: string, part: string | null): void {
  // Nobody's work depends on it: a word that is lost is not sent again.
  client
    .POST('/api/ai/task-drafts/{draft_id}/looks', {
      params: { path: { draft_id: draftId } },
      body: { part },
    })
    .catch(() => undefined)
}

/**
 * Tell the platform which part of a draft is before the reviewer, and when none is any more. The
 * platform measures the time by its own clock.
 */
export function useLooks(draftId: string, part: string | null): void {
  useEffect(() => {
    if (part === null) return undefined
    const look = (): void => {
      tell(draftId, document.visibilityState === 'visible' ? part : null)
    }
    look()
    const timer = setInterval(look, beatMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [draftId, part])
  const isLooking = part !== null
  useEffect(() => {
    if (!isLooking) return undefined
    return () => {
      tell(draftId, null)
    }
  }, [draftId, isLooking])
}
