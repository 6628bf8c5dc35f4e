import { Timer } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { BookingWords } from './booking-words'
import classes from './booking.module.css'

interface HoldClockProps {
  words: BookingWords
  when: string
  endsAt: number
}

function secondsTo(endsAt: number): number {
  return Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))
}

/** Which time is kept and for how much longer; read aloud once, when a minute is left. */
export function HoldClock({ words, when, endsAt }: HoldClockProps) {
  const [left, setLeft] = useState(() => secondsTo(endsAt))
  useEffect(() => {
    const tick = (): void => {
      setLeft(secondsTo(endsAt))
    }
    tick()
    const timer = setInterval(tick, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [endsAt])
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return (
    <div className={classes.hold} data-soon={left <= 60 || undefined}>
      <Timer size={18} aria-hidden="true" />
      <p>
        {words.kept}: <strong>{when}</strong>
      </p>
      <p className={classes.holdLeft} role="timer" aria-live="off">
        {words.left(clock)}
      </p>
      <p role="status" className={classes.hidden}>
        {left <= 60 && words.soon}
      </p>
    </div>
  )
}
