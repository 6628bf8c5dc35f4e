import { api } from '../../api/client'

/** Everything a patient sees of their own record. */
export function usePortal() {
  return api.useQuery('get', '/api/portal')
}
