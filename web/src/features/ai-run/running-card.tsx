import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from './running-card.module.css'

interface RunningCardProps {
  /** Who is asked first. */
  engine: string | undefined
  onStop: () => void
}

const slowAfterS = 20

/** That it is being done, and for how long; how much is left nobody knows, so none is drawn. */
export function RunningCard({ engine, onStop }: RunningCardProps) {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      setSeconds((before) => before + 1)
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return (
    <div className={classes.card}>
      <p className={classes.title} role="status">
        {seconds < slowAfterS
          ? `Running${engine === undefined ? '' : ` on ${engine}`}`
          : 'Still running: an engine may be waiting for its turn'}
      </p>
      <div className={classes.track} aria-hidden="true">
        <div className={classes.glide} />
      </div>
      <div className={classes.foot}>
        <span aria-hidden="true">{seconds} s</span>
        <Button variant="default" onClick={onStop}>
          Stop waiting
        </Button>
      </div>
    </div>
  )
}
