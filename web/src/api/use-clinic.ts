import { api } from './client'

/** The clinic's public facts: name, zone, its time now, and whether its patients are synthetic. */
export function useClinicFacts() {
  return api.useQuery('get', '/api/clinic', {}, { staleTime: 5 * 60_000 })
}
