import { createContext, use, type ReactNode } from 'react'
import type { Account } from '../api/shapes'

const SignedIn = createContext<Account | null>(null)

/** Say to everything below who is signed in. */
export function SignedInProvider({ account, children }: { account: Account; children: ReactNode }) {
  return <SignedIn value={account}>{children}</SignedIn>
}

/** Who is signed in. Throws outside the session gate. */
export function useSignedIn(): Account {
  const account = use(SignedIn)
  if (account === null) throw new Error('useSignedIn needs the session gate above it.')
  return account
}
