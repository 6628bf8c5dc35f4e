import { api } from '../../api/client'

/** One patient's chart. */
export function useChart(patientId: string) {
  return api.useQuery('get', '/api/patients/{patient_id}/chart', {
    params: { path: { patient_id: patientId } },
  })
}
