import { useState } from 'react'
import type { OnlineType } from '../../api/shapes'
import type { BookingForm } from './booking-form'
import { stretch, type BookingWords } from './booking-words'
import classes from './booking.module.css'
import { ChoiceList } from './choice-list'
import { StepFrame, type Wrong } from './step-frame'

interface StepProps {
  words: BookingWords
  form: BookingForm
  onForm: (changed: Partial<BookingForm>) => void
  onNext: () => void
  onBack?: () => void
}

/** Whether the clinic knows them, which decides what is offered. */
export function BeforeStep({ words, form, onForm, onNext }: StepProps) {
  const [wrong, setWrong] = useState<Wrong[]>([])
  return (
    <StepFrame
      words={words}
      title={words.before}
      wrong={wrong}
      onNext={() => {
        if (form.hasBeen === null) setWrong([{ field: 'before', words: words.choose }])
        else onNext()
      }}
    >
      <ChoiceList
        name="before"
        label={words.before}
        value={form.hasBeen === null ? null : form.hasBeen ? 'yes' : 'no'}
        choices={[
          { value: 'no', label: words.beforeNo },
          { value: 'yes', label: words.beforeYes },
        ]}
        onChoose={(value) => {
          onForm({ hasBeen: value === 'yes' })
        }}
      />
    </StepFrame>
  )
}

/** What they come for; a cut-off is told before anything is booked. */
export function KindStep({
  words,
  form,
  types,
  onForm,
  onNext,
  onBack,
}: StepProps & { types: OnlineType[] }) {
  const [wrong, setWrong] = useState<Wrong[]>([])
  const offered = types.filter((one) => form.hasBeen === true || !one.waits)
  return (
    <StepFrame
      words={words}
      title={words.kind}
      wrong={wrong}
      onBack={onBack}
      onNext={() => {
        if (!offered.some((one) => one.id === form.type))
          setWrong([{ field: 'kind', words: words.choose }])
        else onNext()
      }}
    >
      <ChoiceList
        name="kind"
        label={words.kind}
        value={form.type}
        choices={offered.map((one) => ({
          value: one.id,
          label: one.name,
          more: (
            <span className={classes.choiceMore}>
              {words.mode[one.mode]}, {words.minutes(one.minutes)}.{' '}
              {one.cutoff_minutes === 0
                ? words.anytime
                : words.cutoff(stretch(one.cutoff_minutes, words))}
              {one.waits && ` ${words.waits}`}
            </span>
          ),
        }))}
        onChoose={(type) => {
          onForm({ type })
        }}
      />
    </StepFrame>
  )
}
