import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { accountQuery } from '../../api/use-account'

/** An e-mail with its password, or the code that goes with a challenge given before. */
export type Credentials = { email: string; password: string } | { challenge: string; code: string }

/** Let in, or asked for the second factor first. */
type SignInAnswer = { step: 'done' } | { step: 'code'; challenge: string }

/** Sign in with cookies; the session's tokens never reach this code. */
export function useSignIn() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (credentials: Credentials): Promise<SignInAnswer> => {
      const { data } = await client.POST('/api/auth/login', { body: credentials })
      if (data?.mfa_required === true) return { step: 'code', challenge: data.challenge ?? '' }
      cache.clear()
      await cache.query({ ...accountQuery, staleTime: 0 })
      return { step: 'done' }
    },
  })
}
