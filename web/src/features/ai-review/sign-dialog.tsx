import { Button, Group, Modal, Textarea } from '@mantine/core'
import { PenLine } from 'lucide-react'
import { useState } from 'react'
import type { DraftView, Row } from '../../api/shapes'
import { flagWords, isAbnormal } from '../../ui/flags'
import { fullName } from '../../ui/person-name'
import classes from './sign-dialog.module.css'

interface SignDialogProps {
  draft: DraftView
  rows: Row[]
  pending: boolean
  failure: string | null
  onClose: () => void
  onSign: (words: { comment: string | null; identity_reason: string | null }) => void
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

/** Name patient and act once more before signing: afterwards there is only an addendum. */
export function SignDialog({ draft, rows, pending, failure, onClose, onSign }: SignDialogProps) {
  const [comment, setComment] = useState('')
  const [reason, setReason] = useState('')
  const filed = rows.filter((row) => row.status !== 'removed')
  const abnormal = filed.filter((row) => isAbnormal(row.flag))
  const asksReason = draft.identity_problem !== null
  const patient = draft.patient === null ? 'an unknown patient' : fullName(draft.patient)
  return (
    <Modal opened onClose={onClose} title={`Sign for ${patient}`} centered size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSign({ comment: orNull(comment), identity_reason: asksReason ? orNull(reason) : null })
        }}
      >
        <p className={classes.what}>
          {filed.length} {filed.length === 1 ? 'result' : 'results'} will be filed to the chart
          under your name, and the patient will be able to read them.
        </p>
        {abnormal.length > 0 && (
          <ul className={classes.abnormal} aria-label="Out of range">
            {abnormal.map((row) => (
              <li key={row.index}>
                <strong>{row.test}</strong> {row.value ?? ''}
                {row.unit === null ? '' : `\u00a0${row.unit}`}{' '}
                <span className={classes.flag}>
                  {flagWords(row.flag)?.arrow} {flagWords(row.flag)?.word}
                </span>
              </li>
            ))}
          </ul>
        )}
        {draft.identity_problem !== null && (
          <>
            <p className={classes.identity}>{draft.identity_problem}</p>
            <Textarea
              label="Why it is the right patient all the same"
              required
              autosize
              minRows={2}
              maxLength={500}
              value={reason}
              onChange={(event) => {
                setReason(event.currentTarget.value)
              }}
            />
          </>
        )}
        <Textarea
          label="A word for the patient"
          description="Shown with the results, in plain words. May stay empty."
          autosize
          minRows={3}
          maxLength={2000}
          mt="sm"
          data-autofocus
          value={comment}
          onChange={(event) => {
            setComment(event.currentTarget.value)
          }}
        />
        {failure !== null && (
          <p className={classes.failure} role="alert">
            {failure}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button
            type="submit"
            loading={pending}
            disabled={asksReason && orNull(reason) === null}
            leftSection={<PenLine size={16} aria-hidden="true" />}
          >
            Sign and file
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
