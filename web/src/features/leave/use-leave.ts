import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { Stranded } from '../../api/shapes'

/** Clinicians and places, to choose from and to name. */
export function useClinicians() {
  return api.useQuery('get', '/api/visits/plan', {}, { staleTime: 300_000 })
}

export type How = Stranded['how']

/** What is done about one visit, as it stands on the screen. */
export interface Settlement {
  stranded: Stranded
  how: How
}

interface Time {
  practitioner: string
  begin: string
  end: string
}

/** See what a leave strands (nothing is stored), enter it, take it back whole or for one visit. */
export function useLeave() {
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['get', '/api/day'] })
  const preview = useMutation({
    mutationFn: async ({ practitioner, begin, end }: Time) => {
      const { data } = await client.POST('/api/calendars/{practitioner_id}/leave/preview', {
        params: { path: { practitioner_id: practitioner } },
        body: { begin, end },
      })
      return data?.visits ?? []
    },
  })
  const enter = useMutation({
    mutationFn: async ({
      practitioner,
      begin,
      end,
      settlements,
    }: Time & { settlements: readonly Settlement[] }) => {
      const { data } = await client.POST('/api/calendars/{practitioner_id}/leave', {
        params: { path: { practitioner_id: practitioner } },
        body: {
          begin,
          end,
          settlements: settlements.map(({ stranded, how }) => {
            const isMove = how === 'colleague' || how === 'other-time'
            return {
              visit: stranded.visit,
              version: stranded.version,
              how,
              practitioner: isMove || how === 'choose' ? stranded.practitioner : null,
              start: isMove ? stranded.to_start : null,
              times: how === 'choose' ? stranded.times : [],
            }
          }),
        },
      })
      return data
    },
    onSettled,
  })
  const undo = useMutation({
    mutationFn: ({ practitioner, absence }: { practitioner: string; absence: string }) =>
      client.POST('/api/calendars/{practitioner_id}/leave/{absence_id}/undo', {
        params: { path: { practitioner_id: practitioner, absence_id: absence } },
      }),
    onSettled,
  })
  const undoOne = useMutation({
    mutationFn: (one: { practitioner: string; absence: string; visit: string }) =>
      client.POST('/api/calendars/{practitioner_id}/leave/{absence_id}/visits/{visit_id}/undo', {
        params: {
          path: {
            practitioner_id: one.practitioner,
            absence_id: one.absence,
            visit_id: one.visit,
          },
        },
      }),
    onSettled,
  })
  return { preview, enter, undo, undoOne }
}
