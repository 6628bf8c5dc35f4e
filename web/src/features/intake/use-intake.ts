import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'

/** What patients answered and nobody has looked at, the oldest first. */
export function useIntake(patient: string | undefined) {
  return api.useQuery('get', '/api/intake', {
    params: { query: patient === undefined ? {} : { patient } },
  })
}

type Settled = { key: string } & ({ take: true; text: string } | { take: false; reason: string })

/** Take one answer into the chart, or leave it out. */
export function useSettleAnswer(formId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (one: Settled) => {
      const params = { path: { form_id: formId, key: one.key } }
      if (one.take)
        return client.POST('/api/intake/{form_id}/answers/{key}/accept', {
          params,
          body: { text: one.text },
        })
      return client.POST('/api/intake/{form_id}/answers/{key}/decline', {
        params,
        body: { reason: one.reason },
      })
    },
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ['get', '/api/intake'] })
      void cache.invalidateQueries({ queryKey: ['get', '/api/patients/{patient_id}/chart'] })
    },
  })
}
