import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client'

/** What can be booked, where and with whom. */
export function useVisitPlan() {
  return api.useQuery('get', '/api/visits/plan', {}, { staleTime: 300_000 })
}

export type PartOfDay = 'any' | 'mornings' | 'afternoons'

interface OpeningsAsked {
  type: string
  practitioner: string | null
  place: string | null
  part: PartOfDay
  after: string | undefined
}

const noon = 720

/** The next three openings, the soonest first; computed afresh whenever they are asked for. */
export function useOpenings({ type, practitioner, place, part, after }: OpeningsAsked) {
  return api.useQuery(
    'get',
    '/api/visits/openings',
    {
      params: {
        query: {
          type,
          ...(practitioner === null ? {} : { practitioner: [practitioner] }),
          ...(place === null ? {} : { place: [place] }),
          ...(after === undefined ? {} : { after }),
          from_minute: part === 'afternoons' ? noon : 0,
          to_minute: part === 'mornings' ? noon : 1440,
          count: 3,
        },
      },
    },
    { enabled: type !== '', placeholderData: keepPreviousData, staleTime: 0 },
  )
}
