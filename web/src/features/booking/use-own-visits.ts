import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { OwnVisit } from '../../api/shapes'

/** A patient's own visits. */
export function useOwnVisits() {
  return api.useQuery('get', '/api/visits/own')
}

function useRefresh() {
  const cache = useQueryClient()
  return () => {
    void cache.invalidateQueries({ queryKey: ['get', '/api/visits/own'] })
    void cache.invalidateQueries({ queryKey: ['get', '/api/portal'] })
  }
}

/** Cancel one's own visit. */
export function useCancelOwn() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (visit: OwnVisit) =>
      client.POST('/api/visits/{visit_id}/cancel', {
        params: { path: { visit_id: visit.id } },
        body: { version: visit.version },
      }),
    onSettled: refresh,
  })
}

/** What can be booked in the portal. */
export function usePlan() {
  return api.useQuery('get', '/api/visits/plan')
}

interface OwnTime {
  type: string
  place: string
  practitioner: string
  start: string
}

/** Book a time, or move a visit there; the key makes a retry the same booking. */
export function useTakeTime(moving: OwnVisit | undefined) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ time, key }: { time: OwnTime; key: string }) =>
      moving === undefined
        ? client.POST('/api/visits', {
            body: { ...time, request: false },
            params: { header: { 'Idempotency-Key': key } },
          })
        : client.POST('/api/visits/{visit_id}/move', {
            params: { path: { visit_id: moving.id } },
            body: { ...time, version: moving.version },
          }),
    onSettled: refresh,
  })
}
