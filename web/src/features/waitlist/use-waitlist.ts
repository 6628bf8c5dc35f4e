import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'

const listKey = ['get', '/api/waitlist']

/** Who waits, what is offered now, and how freed times were filled; fresh every ten seconds. */
export function useWaitlist() {
  return api.useQuery('get', '/api/waitlist', {}, { refetchInterval: 10_000 })
}

/** The kinds of visits, places and clinicians that somebody can wait for. */
export function useWhatToWaitFor() {
  return api.useQuery('get', '/api/visits/plan', {}, { staleTime: 300_000 })
}

/** Who waits for what, and when they can come. */
interface Joining {
  patient: string
  type: string
  place: string
  practitioners: string[]
  weekdays: number[]
  from_minute: number
  to_minute: number
}

/** Put somebody on the list, take them off. */
export function useWaiting() {
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: listKey })
  const join = useMutation({
    mutationFn: (body: Joining) =>
      client.POST('/api/waitlist', { body: { ...body, notice_minutes: 60 } }),
    onSettled,
  })
  const leave = useMutation({
    mutationFn: (id: string) =>
      client.DELETE('/api/waitlist/{waiting_id}', { params: { path: { waiting_id: id } } }),
    onSettled,
  })
  return { join, leave }
}
