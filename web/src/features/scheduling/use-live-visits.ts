import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { eventsOf } from '../../api/events'
import { sessionFetch } from '../../api/session'

const againAfterMs = 2_000

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, againAfterMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Follow one connection to its end; whatever was missed before it is asked for at its start. */
async function followOnce(signal: AbortSignal, onChange: () => void): Promise<void> {
  const address = new URL('/api/visits/events', location.href)
  const response = await sessionFetch(new Request(address, { signal }))
  if (!response.ok) return
  onChange()
  const events = eventsOf(response)
  while (!(await events.next()).done) onChange()
}

/** Ask for the day again whenever a visit changes anywhere; a lost connection is made anew. */
export function useLiveVisits() {
  const cache = useQueryClient()
  useEffect(() => {
    const stop = new AbortController()
    const onChange = () => {
      void cache.invalidateQueries({ queryKey: ['get', '/api/day'] })
    }
    const follow = async () => {
      while (!stop.signal.aborted) {
        await followOnce(stop.signal, onChange).catch(() => undefined)
        await pause(stop.signal)
      }
    }
    void follow()
    return () => {
      stop.abort()
    }
  }, [cache])
}
