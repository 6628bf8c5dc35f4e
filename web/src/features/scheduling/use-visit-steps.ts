import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client'
import { asFailure } from '../../api/errors'
import type { Day, Visit } from '../../api/shapes'
import { clock } from '../../ui/dates'
import { listName } from '../../ui/person-name'
import type { Stage } from './visit-steps'

interface Taken {
  visit: Visit
  stage: Stage
  room?: string
  reason?: string
}

/** Take steps with visits and take them back; after every answer the day is asked for again. */
export function useVisitSteps() {
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['get', '/api/day'] })
  const step = useMutation({
    mutationFn: ({ visit, stage, room, reason }: Taken) =>
      client.POST('/api/visits/{visit_id}/stage', {
        params: { path: { visit_id: visit.id } },
        body: { stage, version: visit.version, room: room ?? null, reason: reason ?? null },
      }),
    onSettled,
  })
  const undo = useMutation({
    mutationFn: ({ visit, reason }: { visit: Visit; reason: string }) =>
      client.POST('/api/visits/{visit_id}/undo', {
        params: { path: { visit_id: visit.id } },
        body: { version: visit.version, reason },
      }),
    onSettled,
  })
  return { step, undo }
}

/** What to say of a refused step; a room that is taken names whose visit is in it. */
export function refusalOf(error: unknown, day: Day): string {
  const failure = asFailure(error)
  const inTheWay = day.visits.find((visit) => `Appointment/${visit.id}` === failure.visit)
  if (failure.code === 'scheduling-room-occupied' && inTheWay !== undefined)
    return `${listName(inTheWay.patient)} (${clock(inTheWay.start, day.zone)}) is in that room. Choose another, or end that visit first.`
  if (failure.status === 412)
    return 'Somebody else changed this visit meanwhile. The board is fresh now: look, then try again.'
  return failure.message
}
