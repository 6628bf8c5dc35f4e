import { queryOptions, useQuery } from '@tanstack/react-query'
import { client } from './client'
import { FailedAnswer } from './errors'
import { mayHaveSession } from './session'
import type { Account } from './shapes'

/** Who is signed in; `null` means nobody. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: async (): Promise<Account | null> => {
    if (!mayHaveSession()) return null
    try {
      const { data } = await client.GET('/api/auth/me')
      return data ?? null
    } catch (error) {
      if (error instanceof FailedAnswer && error.status === 401) return null
      throw error
    }
  },
  staleTime: 5 * 60_000,
  retry: 1,
})

/** The signed-in account as a query. */
export function useAccount() {
  return useQuery(accountQuery)
}
