import { api } from '../../api/client'

/** What tables and rules say of a chart. */
export function useSafety(patientId: string) {
  return api.useQuery('get', '/api/patients/{patient_id}/safety', {
    params: { path: { patient_id: patientId } },
  })
}
