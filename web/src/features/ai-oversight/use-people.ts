import { useAccount } from '../../api/use-account'

interface Done {
  by: string
  by_name: string
}

/** Name who did something: oneself by a word, others by their name. */
export function usePeople(): (done: Done) => string {
  const { data } = useAccount()
  return ({ by, by_name: name }) => (data?.id === by ? 'You' : name)
}
