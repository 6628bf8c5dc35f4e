import { Siren } from 'lucide-react'
import type { Urgent } from '../api/shapes'
import { phrasesOf } from './red-flags'
import classes from './urgent-advice.module.css'

interface UrgentAdviceProps {
  urgent: Urgent
  /** What stands before the advice where nobody said that it happens now. */
  intro?: string
}

/** What has to be done before anything is read: by rules, never by AI. */
export function UrgentAdvice({ urgent, intro }: UrgentAdviceProps) {
  const phrases = phrasesOf(urgent.red_flags)
  return (
    <div className={classes.urgent} role="alert" data-level={urgent.level}>
      <Siren size={26} aria-hidden="true" />
      <div>
        <p className={classes.title}>
          {intro ?? (urgent.level === 'emergency' ? 'Do this first' : 'Do not wait with this')}
        </p>
        <p className={classes.advice}>{urgent.advice}</p>
        {phrases.length > 0 && (
          <p className={classes.why}>
            Because you wrote {phrases.map((phrase) => `“${phrase}”`).join(', ')}.
          </p>
        )}
        {urgent.is_clinic_told && (
          <p className={classes.why}>
            Your clinic has been sent your words. Do not wait for its answer.
          </p>
        )}
      </div>
    </div>
  )
}
