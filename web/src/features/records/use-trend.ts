import { api } from '../../api/client'

/** One analyte of a patient over time. */
export function useTrend(patientId: string, code: string) {
  return api.useQuery('get', '/api/patients/{patient_id}/results/{code}', {
    params: { path: { patient_id: patientId, code } },
  })
}
