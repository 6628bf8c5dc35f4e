import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'

const everyMs = 30_000

/** How AI stands; asked for again while the page is open. */
export function useOversight() {
  return api.useQuery('get', '/api/ai/oversight', {}, { refetchInterval: everyMs })
}

/** Turn a switch; what the page shows is asked for again. */
export function useTurn() {
  const cache = useQueryClient()
  return api.useMutation('post', '/api/ai/oversight/switches', {
    onSuccess: () =>
      cache.invalidateQueries({
        queryKey: api.queryOptions('get', '/api/ai/oversight').queryKey,
      }),
  })
}
