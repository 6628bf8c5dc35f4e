import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { BookingWords } from './booking-words'
import classes from './booking.module.css'
import { StepFrame, wrongOf, type Wrong } from './step-frame'

interface CodeStepProps {
  words: BookingWords
  email: string
  /** The code itself, where a synthetic clinic has no mail to send it by. */
  shown: string | null
  pending: boolean
  lost: boolean
  failure: string | null
  onAgain: () => void
  onConfirm: (code: string) => void
  onBack: () => void
}

/** The code that proves the address; confirming twice books once. */
export function CodeStep(props: CodeStepProps) {
  const { words, shown } = props
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<Wrong[]>([])
  const check = (): void => {
    const isCode = /^\d{6}$/.test(code.trim())
    setWrong(isCode ? [] : [{ field: 'code', words: words.codeWrong }])
    if (isCode) props.onConfirm(code.trim())
  }
  return (
    <StepFrame
      words={words}
      title={words.code}
      hint={
        <>
          <p>{words.codeSent(props.email)}</p>
          {shown !== null && <p className={classes.shown}>{words.codeShown(shown)}</p>}
        </>
      }
      wrong={wrong}
      failure={props.failure}
      next={words.confirm}
      pending={props.pending}
      onNext={check}
      onBack={props.onBack}
    >
      <TextInput
        id="code"
        size="md"
        label={words.codeLabel}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={code}
        error={wrongOf(wrong, 'code')}
        onChange={(event) => {
          setCode(event.currentTarget.value)
        }}
      />
      <p role="status" className={classes.lost}>
        {props.lost && words.trying}
      </p>
      <Button variant="subtle" size="md" onClick={props.onAgain} disabled={props.pending}>
        {words.codeAgain}
      </Button>
    </StepFrame>
  )
}
