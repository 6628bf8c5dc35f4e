import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { FailedAnswer } from './errors'
import { accountQuery } from './use-account'

/** A lost session shows the sign-in screen; nothing else of the page is thrown away. */
function endSessionOn401(cache: QueryClient, error: unknown): void {
  if (error instanceof FailedAnswer && error.status === 401) {
    cache.setQueryData(accountQuery.queryKey, null)
  }
}

function worthRetrying(failures: number, error: unknown): boolean {
  const settled = error instanceof FailedAnswer && error.status >= 400 && error.status < 500
  return !settled && failures < 1
}

/** Return the cache that holds all server state of the application. */
export function makeQueryClient(): QueryClient {
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        endSessionOn401(cache, error)
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        endSessionOn401(cache, error)
      },
    }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 15_000 } },
  })
  return cache
}
