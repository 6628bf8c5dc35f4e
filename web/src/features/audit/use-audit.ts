import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../api/client'

/** What the trail is asked for. */
export interface AuditFilter {
  patient: string | undefined
  actor: string | undefined
}

const pageLength = 50

/** The trail, newest first, page after page. */
export function useAudit({ patient, actor }: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', { patient, actor }],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        count: pageLength,
        ...(patient === undefined ? {} : { patient }),
        ...(actor === undefined ? {} : { actor }),
        ...(pageParam === null ? {} : { after: pageParam }),
      }
      const { data } = await client.GET('/api/audit', { params: { query }, signal })
      return data ?? { entries: [], next: null }
    },
    getNextPageParam: (page) => page.next,
  })
}
