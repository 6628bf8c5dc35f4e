import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client'

interface PatientsAsked {
  query: string
  count: number
  enabled?: boolean
}

/** Patients by name, birth date or record number; the last list stays while the next one loads. */
export function usePatients({ query, count, enabled = true }: PatientsAsked) {
  return api.useQuery(
    'get',
    '/api/patients',
    { params: { query: { query, count } } },
    { enabled, placeholderData: keepPreviousData },
  )
}
