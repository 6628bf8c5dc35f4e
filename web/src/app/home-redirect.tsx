import { Navigate } from '@tanstack/react-router'
import { homeOf } from './home-of'
import { SessionGate } from './session-gate'

/** `/` is nobody's screen: go where the role begins. */
export function HomeRedirect() {
  return <SessionGate>{(account) => <Navigate to={homeOf(account.role)} replace />}</SessionGate>
}
