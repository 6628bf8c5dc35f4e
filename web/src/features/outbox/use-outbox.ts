import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import type { OutboxState } from '../../api/shapes'

const key = 'outbox'

/** Messages to people, newest first, page after page; fresh every ten seconds. */
export function useOutbox(state: OutboxState | undefined) {
  return useInfiniteQuery({
    queryKey: [key, { state }],
    refetchInterval: 10_000,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        ...(state === undefined ? {} : { state }),
        ...(pageParam === null ? {} : { before: pageParam }),
      }
      const { data } = await client.GET('/api/outbox', { params: { query }, signal })
      return data
    },
    getNextPageParam: (page) => page?.next ?? null,
  })
}

/** Send one again that did not go out. */
export function useSendAgain() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      client.POST('/api/outbox/{message_id}/send-again', {
        params: { path: { message_id: id } },
      }),
    onSettled: () => cache.invalidateQueries({ queryKey: [key] }),
  })
}
