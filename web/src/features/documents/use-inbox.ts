import { api } from '../../api/client'
import type { InboxDocument } from '../../api/shapes'

/** Whether a person still has to do something about a document. */
function isWaiting(document: InboxDocument): boolean {
  return document.status === 'to-match' || document.status === 'to-review'
}

/** The inbox, newest first; asked for more often while something is being read. */
export function useInbox(enabled = true) {
  return api.useQuery(
    'get',
    '/api/documents',
    {},
    {
      enabled,
      refetchInterval: (query) =>
        query.state.data?.documents.some((one) => one.status === 'reading') ? 1500 : 60_000,
    },
  )
}

/** How many documents wait for a person. */
export function useWaitingCount(enabled: boolean): number {
  return useInbox(enabled).data?.documents.filter(isWaiting).length ?? 0
}
