import { Skeleton } from '@mantine/core'
import { Navigate, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { loaded } from '../api/loaded'
import type { Account } from '../api/shapes'
import { useAccount } from '../api/use-account'
import { LoadedView } from '../ui/loaded-view'
import { SignedInProvider } from './signed-in'

/** Show its children to whoever is signed in; send everyone else to sign in and back. */
export function SessionGate({ children }: { children: (account: Account) => ReactNode }) {
  const account = loaded(useAccount())
  const here = useLocation({ select: (location) => location.href })
  return (
    <LoadedView
      page
      loaded={account}
      subject="Your account"
      loading={<Skeleton height="100vh" radius={0} />}
    >
      {(found) =>
        found === null ? (
          <Navigate to="/sign-in" search={here === '/' ? {} : { back: here }} replace />
        ) : (
          <SignedInProvider account={found}>{children(found)}</SignedInProvider>
        )
      }
    </LoadedView>
  )
}
