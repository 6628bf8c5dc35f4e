import type { Role } from '../api/shapes'

/** Where each role begins. */
export function homeOf(role: Role): '/portal' | '/audit' | '/day' {
  if (role === 'patient') return '/portal'
  return role === 'admin' ? '/audit' : '/day'
}
