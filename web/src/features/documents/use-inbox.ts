import { api } from '../../api/client'

/** The inbox, newest first; asked for more often while something is being read. */
export function useInbox() {
  return api.useQuery(
    'get',
    '/api/documents',
    {},
    {
      refetchInterval: (query) =>
        query.state.data?.documents.some((one) => one.status === 'reading') ? 1500 : 60_000,
    },
  )
}

/** How many documents wait for a person; only a number is asked for, so nobody's record is read. */
export function useWaitingCount(enabled: boolean): number {
  const asked = api.useQuery('get', '/api/inbox', {}, { enabled, refetchInterval: 60_000 })
  return asked.data?.waiting ?? 0
}
