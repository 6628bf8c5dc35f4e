import { api } from '../../api/client'

const settled = { staleTime: 300_000 }

/** Every task's card. */
export function useCards() {
  return api.useQuery('get', '/api/ai/cards', {}, settled)
}

/** One task's card. */
export function useCard(task: string) {
  return api.useQuery('get', '/api/ai/cards/{task}', { params: { path: { task } } }, settled)
}
