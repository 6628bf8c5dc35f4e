import { api } from '../../api/client'

interface DayAsked {
  /** Calendar day of the clinic; its today when left out. */
  date: string | undefined
  /** All clinicians' visits instead of one's own. */
  everyone: boolean
}

/** A day's visits, refreshed while the screen is open. */
export function useDay({ date, everyone }: DayAsked) {
  const query = {
    ...(date === undefined ? {} : { date }),
    ...(everyone ? { practitioner: 'all' } : {}),
  }
  return api.useQuery('get', '/api/day', { params: { query } }, { refetchInterval: 60_000 })
}
