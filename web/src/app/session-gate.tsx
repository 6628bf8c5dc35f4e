import { Skeleton } from '@mantine/core'
import { lazy, Suspense, type ReactNode } from 'react'
import { loaded } from '../api/loaded'
import type { Account } from '../api/shapes'
import { useAccount } from '../api/use-account'
import { LoadedView } from '../ui/loaded-view'
import { SignInRedirect } from './sign-in-redirect'
import { SignedInProvider } from './signed-in'

const EnrolScreen = lazy(async () => ({
  default: (await import('../features/account/enrol-screen')).EnrolScreen,
}))

/** Staff of a real clinic may do nothing before they have a second factor. */
function mustEnrol({ role, demo, mfa_enrolled: enrolled }: Account): boolean {
  return role !== 'patient' && !demo && !enrolled
}

/** Show its children to whoever is signed in; send everyone else to sign in and back. */
export function SessionGate({ children }: { children: (account: Account) => ReactNode }) {
  const account = loaded(useAccount())
  return (
    <LoadedView
      page
      loaded={account}
      subject="Your account"
      loading={<Skeleton height="100vh" radius={0} />}
    >
      {(found) => {
        if (found === null) return <SignInRedirect />
        if (mustEnrol(found))
          return (
            <Suspense>
              <EnrolScreen account={found} />
            </Suspense>
          )
        return <SignedInProvider account={found}>{children(found)}</SignedInProvider>
      }}
    </LoadedView>
  )
}
