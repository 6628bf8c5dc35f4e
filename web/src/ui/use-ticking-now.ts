import { useEffect, useState } from 'react'

/**
 * The platform's time, kept going between answers: `now` as the server said it, plus what has
 * passed here since. The browser's own clock is not trusted to be right, only to be steady.
 */
export function useTickingNow(serverNow: string, everyMs = 15_000): Date {
  const [passed, setPassed] = useState({ serverNow, ms: 0 })
  useEffect(() => {
    const began = performance.now()
    const timer = setInterval(() => {
      setPassed({ serverNow, ms: performance.now() - began })
    }, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [serverNow, everyMs])
  const ms = passed.serverNow === serverNow ? passed.ms : 0
  return new Date(new Date(serverNow).getTime() + ms)
}
