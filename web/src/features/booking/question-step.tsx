import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { OnlineQuestion } from '../../api/shapes'
import { phoneShape, type BookingForm } from './booking-form'
import type { BookingWords } from './booking-words'
import { StepFrame, wrongOf, type Wrong } from './step-frame'

interface QuestionStepProps {
  words: BookingWords
  question: OnlineQuestion
  at: number
  of: number
  form: BookingForm
  onForm: (changed: Partial<BookingForm>) => void
  onNext: () => void
  onBack: () => void
}

/** One question before the visit, on a page of its own. */
export function QuestionStep(props: QuestionStepProps) {
  const { words, question, form, onForm, onNext } = props
  const [wrong, setWrong] = useState<Wrong[]>([])
  const field = `answer-${question.id}`
  const text = form.answers[question.id] ?? ''
  const check = (): void => {
    const sentence = sentenceFor(question, text.trim(), words)
    setWrong(sentence === undefined ? [] : [{ field, words: sentence }])
    if (sentence === undefined) onNext()
  }
  const shared = {
    id: field,
    size: 'md',
    label: question.text,
    labelProps: { style: { position: 'absolute', width: 1, height: 1, overflow: 'hidden' } },
    value: text,
    error: wrongOf(wrong, field),
    onChange: (event: { currentTarget: { value: string } }) => {
      onForm({ answers: { ...form.answers, [question.id]: event.currentTarget.value } })
    },
  } as const
  return (
    <StepFrame
      words={words}
      above={<p>{words.question(props.at, props.of)}</p>}
      title={question.text}
      hint={
        <p>
          {question.hint} {!question.required && words.optional}
        </p>
      }
      wrong={wrong}
      onBack={props.onBack}
      onNext={check}
    >
      {question.kind === 'phone' ? (
        <TextInput {...shared} type="tel" autoComplete="tel" maxLength={30} />
      ) : (
        <Textarea
          {...shared}
          autosize
          minRows={question.kind === 'list' ? 4 : 2}
          maxLength={question.kind === 'list' ? 2000 : 300}
        />
      )}
    </StepFrame>
  )
}

function sentenceFor(
  question: OnlineQuestion,
  text: string,
  words: BookingWords,
): string | undefined {
  if (text === '') return question.required ? words.answerMissing : undefined
  return question.kind === 'phone' && !phoneShape.test(text) ? words.phoneWrong : undefined
}
