import { useState } from 'react'
import type { OnlineOpening, OnlineType } from '../../api/shapes'
import type { BookingForm } from './booking-form'
import type { BookingWords, Language } from './booking-words'
import classes from './booking.module.css'
import { cityOf, ownTime } from './own-time'
import { StepFrame, type Wrong } from './step-frame'

interface AgreeStepProps {
  words: BookingWords
  language: Language
  type: OnlineType
  opening: OnlineOpening
  form: BookingForm
  onForm: (changed: Partial<BookingForm>) => void
  pending: boolean
  failure: string | null
  onNext: () => void
  onBack: () => void
}

/** Everything once more, and the texts to agree to. */
export function AgreeStep(props: AgreeStepProps) {
  const { words, type, opening, form, language } = props
  const [wrong, setWrong] = useState<Wrong[]>([])
  const check = (): void => {
    const missing = type.agreements.filter((one) => form.agreed[one.id] !== one.version)
    setWrong(missing.map((one) => ({ field: `agree-${one.id}`, words: words.agreeMissing })))
    if (missing.length === 0) props.onNext()
  }
  const own =
    type.mode === 'video' ? ownTime(opening.when.start, opening.when.zone, language) : undefined
  return (
    <StepFrame
      words={words}
      title={words.agree}
      wrong={wrong}
      failure={props.failure}
      pending={props.pending}
      onBack={props.onBack}
      onNext={check}
    >
      <dl className={classes.facts}>
        <dt>{words.what}</dt>
        <dd>{type.name}</dd>
        <dt>{words.when}</dt>
        <dd>
          {opening.when.text}
          {own !== undefined && ` (${words.own(cityOf(opening.when.zone), own)})`}
        </dd>
        <dt>{words.with}</dt>
        <dd>{opening.practitioner_name}</dd>
        <dt>{words.who}</dt>
        <dd>
          {form.given} {form.family}
        </dd>
      </dl>
      {type.agreements.map((one) => (
        <div key={one.id} className={classes.agreement}>
          <p id={`text-${one.id}`}>{one.text}</p>
          <label className={classes.choice}>
            <input
              id={`agree-${one.id}`}
              type="checkbox"
              aria-describedby={`text-${one.id}`}
              checked={form.agreed[one.id] === one.version}
              onChange={(event) => {
                const version = event.currentTarget.checked ? one.version : ''
                props.onForm({ agreed: { ...form.agreed, [one.id]: version } })
              }}
            />
            <span className={classes.choiceLabel}>{words.iAgree}</span>
          </label>
        </div>
      ))}
    </StepFrame>
  )
}
