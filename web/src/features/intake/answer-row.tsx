import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { FilledAnswer } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import { ReasonDialog } from '../../ui/reason-dialog'
import classes from './intake.module.css'
import { useSettleAnswer } from './use-intake'

const becomes: Record<FilledAnswer['target'], string> = {
  allergy: 'Add to allergies',
  medicine: 'Add to medicines',
  problem: 'Add to problems',
  phone: 'Use as telephone number',
  none: 'Mark as read',
}

/** One answer: its words can be put right before they are taken; what was said is kept as it was. */
export function AnswerRow({ formId, answer }: { formId: string; answer: FilledAnswer }) {
  const [text, setText] = useState(answer.text)
  const [declines, setDeclines] = useState(false)
  const settling = useSettleAnswer(formId)
  const failure = settling.error === null ? null : asFailure(settling.error).message
  const isOpen = answer.state === 'waiting'
  const isFact = answer.target !== 'none'
  return (
    <div className={classes.answer}>
      <p className={classes.question}>{answer.question}</p>
      <p className={classes.said}>“{answer.text}”</p>
      {!isOpen && (
        <p className={classes.second}>
          <Pill tone={answer.state === 'accepted' ? 'green' : 'grey'}>
            {answer.state === 'accepted' ? 'Taken' : 'Left out'}
          </Pill>{' '}
          {answer.by}
          {answer.reason !== null && `: ${answer.reason}`}
        </p>
      )}
      {isOpen && (
        <div className={classes.acts}>
          {isFact && (
            <TextInput
              aria-label={`Words for the chart: ${answer.text}`}
              value={text}
              maxLength={300}
              onChange={(event) => {
                setText(event.currentTarget.value)
              }}
            />
          )}
          <Button
            loading={settling.isPending}
            disabled={text.trim() === ''}
            onClick={() => {
              settling.mutate({ key: answer.key, take: true, text: text.trim() })
            }}
          >
            {becomes[answer.target]}
          </Button>
          {isFact && (
            <Button
              variant="default"
              onClick={() => {
                setDeclines(true)
              }}
            >
              Leave out
            </Button>
          )}
        </div>
      )}
      {failure !== null && (
        <p className={classes.failure} role="alert">
          {failure}
        </p>
      )}
      <ReasonDialog
        title="Leave this answer out of the chart"
        explanation={`“${answer.text}” stays with the patient's answers.`}
        act="Leave out"
        maxLength={300}
        opened={declines}
        pending={settling.isPending}
        failure={failure}
        onClose={() => {
          setDeclines(false)
        }}
        onReason={(reason) => {
          settling.mutate(
            { key: answer.key, take: false, reason },
            {
              onSuccess: () => {
                setDeclines(false)
              },
            },
          )
        }}
      />
    </div>
  )
}
