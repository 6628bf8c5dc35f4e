import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { birthDate, emailShape, type BookingForm } from './booking-form'
import type { BookingWords } from './booking-words'
import classes from './booking.module.css'
import { StepFrame, wrongOf, type Wrong } from './step-frame'

interface StepProps {
  words: BookingWords
  form: BookingForm
  onForm: (changed: Partial<BookingForm>) => void
  onNext: () => void
  onBack: () => void
}

const names = ['given', 'family'] as const

export function NameStep({ words, form, onForm, onNext, onBack }: StepProps) {
  const [wrong, setWrong] = useState<Wrong[]>([])
  const check = (): void => {
    const missing = names.filter((one) => form[one].trim() === '')
    setWrong(missing.map((one) => ({ field: one, words: words.nameMissing[one] })))
    if (missing.length === 0) onNext()
  }
  return (
    <StepFrame words={words} title={words.name} wrong={wrong} onBack={onBack} onNext={check}>
      {names.map((one) => (
        <TextInput
          key={one}
          id={one}
          size="md"
          label={words[one]}
          autoComplete={one === 'given' ? 'given-name' : 'family-name'}
          maxLength={100}
          value={form[one]}
          error={wrongOf(wrong, one)}
          onChange={(event) => {
            onForm({ [one]: event.currentTarget.value })
          }}
        />
      ))}
    </StepFrame>
  )
}

const dateParts = ['day', 'month', 'year'] as const

export function BornStep({ words, form, onForm, onNext, onBack }: StepProps) {
  const [wrong, setWrong] = useState<Wrong[]>([])
  const check = (): void => {
    const isWrong = birthDate(form, new Date()) === undefined
    setWrong(isWrong ? [{ field: 'day', words: words.bornWrong }] : [])
    if (!isWrong) onNext()
  }
  return (
    <StepFrame
      words={words}
      title={words.born}
      hint={<p>{words.bornHint}</p>}
      wrong={wrong}
      onBack={onBack}
      onNext={check}
    >
      <fieldset className={classes.date}>
        <legend className={classes.hidden}>{words.born}</legend>
        {dateParts.map((part) => (
          <TextInput
            key={part}
            id={part}
            size="md"
            label={words[part]}
            inputMode="numeric"
            autoComplete={`bday-${part}`}
            maxLength={part === 'year' ? 4 : 2}
            value={form[part]}
            error={wrong.length > 0}
            onChange={(event) => {
              onForm({ [part]: event.currentTarget.value })
            }}
          />
        ))}
      </fieldset>
    </StepFrame>
  )
}

export function ContactStep({ words, form, onForm, onNext, onBack }: StepProps) {
  const [wrong, setWrong] = useState<Wrong[]>([])
  const check = (): void => {
    const isWrong = !emailShape.test(form.email.trim())
    setWrong(isWrong ? [{ field: 'email', words: words.emailWrong }] : [])
    if (!isWrong) onNext()
  }
  return (
    <StepFrame
      words={words}
      title={words.contact}
      hint={<p>{words.contactWhy}</p>}
      wrong={wrong}
      onBack={onBack}
      onNext={check}
    >
      <TextInput
        id="email"
        size="md"
        type="email"
        label={words.email}
        autoComplete="email"
        maxLength={200}
        value={form.email}
        error={wrongOf(wrong, 'email')}
        onChange={(event) => {
          onForm({ email: event.currentTarget.value })
        }}
      />
    </StepFrame>
  )
}
