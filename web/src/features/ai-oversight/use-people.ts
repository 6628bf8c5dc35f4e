import { useAccount } from '../../api/use-account'

/** Name an account: oneself by a word, others by their id, as the audit trail can be asked for it. */
export function usePeople(): (id: string) => string {
  const { data } = useAccount()
  return (id) => (data?.id === id ? 'You' : `Account ${id}`)
}
