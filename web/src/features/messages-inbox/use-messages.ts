import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { MessageClass } from '../../api/shapes'

export type MessagesPart = 'open' | 'answered'

/** Patients' messages, as they should be read; asked for often, since some cannot wait. */
export function useMessages(show: MessagesPart) {
  return api.useQuery(
    'get',
    '/api/patient-messages',
    { params: { query: { show } } },
    { refetchInterval: show === 'open' ? 15_000 : 60_000 },
  )
}

/** How many messages nobody has taken; only numbers are asked for. */
export function useMessagesWaiting(enabled: boolean): number {
  const asked = api.useQuery(
    'get',
    '/api/patient-messages/waiting',
    {},
    { enabled, refetchInterval: 15_000 },
  )
  return asked.data?.waiting ?? 0
}

/** One thing that is done with a message; each names the version that was on screen. */
type Act =
  | { act: 'take' }
  | { act: 'class'; klass: MessageClass; reason: string }
  | { act: 'reply'; text: string }

/** Take a message, give it another class, or answer it. */
export function useMessageAct(id: string, version: number) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (done: Act) => {
      const params = { path: { message_id: id } }
      switch (done.act) {
        case 'take':
          return client.POST('/api/patient-messages/{message_id}/take', {
            params,
            body: { version },
          })
        case 'class':
          return client.POST('/api/patient-messages/{message_id}/class', {
            params,
            body: { version, klass: done.klass, reason: done.reason },
          })
        case 'reply':
          return client.POST('/api/patient-messages/{message_id}/reply', {
            params,
            body: { version, text: done.text },
          })
      }
    },
    // Also after a refusal: somebody else was quicker, and the list shows who.
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/patient-messages'),
      }),
  })
}
