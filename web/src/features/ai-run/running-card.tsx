import { Button } from '@mantine/core'
import { Check, LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { RunProgress, Step } from '../../api/run-task'
import classes from './running-card.module.css'

interface RunningCardProps {
  progress: RunProgress
  /** Whether a job does it. */
  later: boolean
  onStop: () => void
}

const slowAfterS = 20

/** What is being done, step by step; how much is left nobody knows, so none is drawn. */
export function RunningCard({ progress, later, onStop }: RunningCardProps) {
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
        {titleOf(progress, later, seconds)}
      </p>
      {progress.share === null ? (
        <div className={classes.track} aria-hidden="true">
          <div className={classes.glide} />
        </div>
      ) : (
        <div
          className={classes.track}
          role="progressbar"
          aria-label="The job"
          aria-valuenow={Math.round(progress.share * 100)}
        >
          <div className={classes.done} style={{ width: `${progress.share * 100}%` }} />
        </div>
      )}
      {progress.steps.length > 0 && (
        <ol className={classes.steps} aria-label="Steps">
          {progress.steps.map((step, at) => (
            <li key={step} data-now={at === progress.steps.length - 1 || undefined}>
              {at === progress.steps.length - 1 ? (
                <LoaderCircle size={15} aria-hidden="true" className={classes.turning} />
              ) : (
                <Check size={15} aria-hidden="true" />
              )}
              <span>
                {stepWords(step, progress.engine)}
                {step === 'writing' && progress.characters > 0 && (
                  <span className={classes.count} aria-hidden="true">
                    {' '}
                    · {progress.characters.toLocaleString('en-US')} characters
                  </span>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
      {later && (
        <p className={classes.hint}>You may leave this page: the draft will wait under Drafts.</p>
      )}
      <div className={classes.foot}>
        <span aria-hidden="true">{seconds} s</span>
        <Button variant="default" onClick={onStop}>
          {later ? 'Stop watching' : 'Stop'}
        </Button>
      </div>
    </div>
  )
}

function titleOf({ steps }: RunProgress, later: boolean, seconds: number): string {
  if (later) return 'A job does it'
  if (seconds >= slowAfterS && steps.at(-1) === 'asking')
    return 'Still running: the engine may be waiting for its turn'
  return 'Running. Nothing is shown before it is whole and checked.'
}

function stepWords(step: Step, engine: string | null): string {
  switch (step) {
    case 'gathering':
      return 'Gathering what the task may see'
    case 'privacy':
      return 'Taking out what identifies'
    case 'asking':
      return `Asking ${engine ?? 'an engine'}`
    case 'writing':
      return `${engine ?? 'The engine'} is writing`
    case 'checking':
      return 'Comparing the answer with its sources'
  }
}
