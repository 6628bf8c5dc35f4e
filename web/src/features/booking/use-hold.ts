import { useCallback, useEffect, useRef, useState } from 'react'
import { asFailure } from '../../api/errors'
import type { OnlineHold, OnlineOpening } from '../../api/shapes'
import { holdTime, releaseHold, renewHold } from './use-online'

interface Held {
  opening: OnlineOpening
  /** When it runs out, by this browser's monotonic clock. */
  endsAt: number
  /** The key of the one attempt to book it. */
  key: string
}

const renewEvery = 45_000

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function endOf(hold: OnlineHold): number {
  return performance.now() + hold.seconds * 1000
}

/** The time that is kept for this visitor: taken, renewed while they go on, given back on leaving. */
export function useHold() {
  const [visitor, setVisitor] = useState<string | undefined>(undefined)
  const [held, setHeld] = useState<Held | undefined>(undefined)
  const [isOver, setOver] = useState(false)
  const renewedAt = useRef(0)

  const take = useCallback(
    async (opening: OnlineOpening, type: string) => {
      const { practitioner, place, when } = opening
      const hold = await holdTime({ type, practitioner, place, start: when.start }, visitor)
      renewedAt.current = performance.now()
      setVisitor(hold.visitor)
      setHeld({ opening, endsAt: endOf(hold), key: randomKey() })
      setOver(false)
    },
    [visitor],
  )

  const lose = useCallback(() => {
    setHeld(undefined)
    setOver(true)
  }, [])

  const renew = useCallback(() => {
    if (visitor === undefined || held === undefined) return
    if (performance.now() - renewedAt.current < renewEvery) return
    renewedAt.current = performance.now()
    renewHold(visitor)
      .then((hold) => {
        setHeld((now) => (now === undefined ? now : { ...now, endsAt: endOf(hold) }))
      })
      .catch((error: unknown) => {
        if (asFailure(error).status === 410) lose()
      })
  }, [visitor, held, lose])

  /** The visit is booked: nothing is kept any more and there is nothing to give back. */
  const settle = useCallback(() => {
    setHeld(undefined)
    setVisitor(undefined)
  }, [])

  useEffect(() => {
    if (held === undefined) return undefined
    const timer = setTimeout(lose, Math.max(0, held.endsAt - performance.now()))
    return () => {
      clearTimeout(timer)
    }
  }, [held, lose])

  useEffect(() => {
    if (visitor === undefined || held === undefined) return undefined
    const leave = (): void => {
      releaseHold(visitor)
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
    }
  }, [visitor, held])

  useEffect(() => {
    const events = ['keydown', 'pointerdown'] as const
    for (const event of events) window.addEventListener(event, renew)
    return () => {
      for (const event of events) window.removeEventListener(event, renew)
    }
  }, [renew])

  return { visitor, held, isOver, take, lose, settle }
}
