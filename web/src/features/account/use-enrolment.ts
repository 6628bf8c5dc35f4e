import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { accountQuery } from '../../api/use-account'

/** Set up an authenticator: ask for its secret, then prove that it works. */
export function useEnrolment() {
  const cache = useQueryClient()
  const begin = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST('/api/auth/second-factor/enrol')
      return data
    },
  })
  const confirm = useMutation({
    mutationFn: async (code: string) => {
      const { data } = await client.POST('/api/auth/second-factor/confirm', { body: { code } })
      return data
    },
  })
  const finish = () => cache.invalidateQueries({ queryKey: accountQuery.queryKey })
  return { begin, confirm, finish }
}
