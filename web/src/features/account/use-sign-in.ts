import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { accountQuery } from '../../api/use-account'

interface Credentials {
  email: string
  password: string
  /** Six digits of the authenticator, once they were asked for. */
  code?: string
}

/** Whether the platform let us in or asks for the second factor first. */
type SignInAnswer = 'signed-in' | 'code-needed'

/** Sign in with cookies; the session's tokens never reach this code. */
export function useSignIn() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (credentials: Credentials): Promise<SignInAnswer> => {
      const { data } = await client.POST('/api/auth/login', { body: credentials })
      if (data?.mfa_required === true) return 'code-needed'
      cache.clear()
      await cache.query({ ...accountQuery, staleTime: 0 })
      return 'signed-in'
    },
  })
}
