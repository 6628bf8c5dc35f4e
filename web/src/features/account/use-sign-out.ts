import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { accountQuery } from '../../api/use-account'

/** End the session here and on the platform; nothing read before stays in memory. */
export function useSignOut() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      await client.POST('/api/auth/logout')
    },
    onSettled: () => {
      cache.clear()
      cache.setQueryData(accountQuery.queryKey, null)
    },
  })
}
