import { asFailure } from './errors'

/** What a screen can be showing; exactly one at a time. */
export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'denied'; message: string }
  | { state: 'missing'; message: string }
  | { state: 'failed'; message: string; offline: boolean; retry: () => void }
  | { state: 'ready'; data: T }

/** The parts of a query's result that decide what is shown. */
interface QueryParts<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** Turn a query into one of the states above; data on screen outlives a failed refresh. */
export function loaded<T>(query: QueryParts<T>): Loaded<T> {
  if (query.data !== undefined) return { state: 'ready', data: query.data }
  if (query.error === null || query.error === undefined) return { state: 'loading' }
  const failure = asFailure(query.error)
  if (failure.status === 403) return { state: 'denied', message: failure.message }
  if (failure.status === 404 || failure.status === 410)
    return { state: 'missing', message: failure.message }
  return {
    state: 'failed',
    message: failure.message,
    offline: failure.code === 'offline',
    retry: () => void query.refetch(),
  }
}
