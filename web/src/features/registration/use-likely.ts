import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { PatientLine } from '../../api/shapes'
import { isEnough, type Caller } from './caller'

/** Somebody whom the person may be, and what speaks for it. */
export interface Likely {
  patient: PatientLine
  isLikely: boolean
  why: readonly string[]
}

/** Whom somebody may be, the likeliest first; the last list stays while the next one loads. */
export function useTwins(caller: Caller, enabled = true) {
  return api.useQuery(
    'get',
    '/api/patients/twins',
    { params: { query: { ...caller } } },
    { enabled: enabled && isEnough(caller), placeholderData: keepPreviousData },
  )
}

/** Likely matches with their reasons first, then whoever else fits every word that was typed. */
export function useLikely(caller: Caller, typed: string) {
  const twins = useTwins(caller)
  const enabled = isEnough(caller)
  const plain = api.useQuery(
    'get',
    '/api/patients',
    { params: { query: { query: typed, count: 8 } } },
    { enabled, placeholderData: keepPreviousData },
  )
  const likely: Likely[] = (twins.data?.twins ?? []).map(({ patient, is_likely, why }) => ({
    patient,
    isLikely: is_likely,
    why,
  }))
  const shown = new Set(likely.map(({ patient }) => patient.id))
  const others = (plain.data?.patients ?? []).filter(({ id }) => !shown.has(id))
  return {
    found: enabled
      ? [...likely, ...others.map((patient) => ({ patient, isLikely: false, why: [] }))]
      : [],
    isLooking: enabled && (twins.isFetching || plain.isFetching),
    isFailed: twins.isError && plain.isError,
  }
}
