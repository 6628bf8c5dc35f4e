import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { asFailure } from '../../api/errors'
import { clock } from '../../ui/dates'

interface Move {
  id: string
  version: number
  start: string
  practitioner: string | null
}

/** Give a visit another time or clinician; its kind and place stay. */
export function useMove() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, version, start, practitioner }: Move) => {
      const { data } = await client.POST('/api/visits/{visit_id}/move', {
        params: { path: { visit_id: id } },
        body: { version, start, ...(practitioner === null ? {} : { practitioner }) },
      })
      return data
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['get', '/api/day'] }),
  })
}

const acts: Record<string, string> = {
  booked: 'booked this visit',
  moved: 'moved this visit',
  staged: 'took this visit on',
  changed: 'changed this visit',
}

/** What to say of a refused move; one that came too late names who changed what. */
export async function moveRefusal(error: unknown, id: string, zone: string): Promise<string> {
  const failure = asFailure(error)
  if (failure.status === 412) {
    const told = await client
      .GET('/api/visits/{visit_id}/last-change', { params: { path: { visit_id: id } } })
      .catch(() => undefined)
    const change = told?.data
    if (change === undefined) return 'Somebody else changed this visit meanwhile. Look again.'
    const now = change.start === null ? '' : ` It is at ${clock(change.start, zone)} now.`
    return `Not moved: ${change.by_name ?? 'Somebody else'} ${acts[change.act] ?? 'changed this visit'} at ${clock(change.at, zone)}.${now}`
  }
  const free = failure.instead.map(({ start }) => clock(start, zone))
  return free.length === 0
    ? failure.message
    : `${failure.message} Free near it: ${free.join(', ')}.`
}
