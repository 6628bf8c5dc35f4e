import { Button, Group, Modal, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { DraftOpinion } from '../../api/shapes'
import classes from './draft-heading.module.css'
import { useOpinion } from './use-drafts'

/** Say that a draft was of use, wrong or unsafe; those who answer for AI in the clinic read it. */
export function OpinionButtons({ draftId }: { draftId: string }) {
  const opinion = useOpinion(draftId)
  const [asked, setAsked] = useState<'wrong' | 'unsafe' | null>(null)
  const say = (kind: DraftOpinion, text: string | null): void => {
    opinion.mutate(
      { kind, text },
      {
        onSuccess: () => {
          setAsked(null)
          notifications.show({
            message: 'Thank you: those who answer for AI here will read it.',
            color: 'brand',
          })
        },
      },
    )
  }
  return (
    <div className={classes.opinions} role="group" aria-label="Your opinion of this draft">
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          say('useful', null)
        }}
      >
        Of use
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          setAsked('wrong')
        }}
      >
        Wrong
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        c="var(--red)"
        onClick={() => {
          setAsked('unsafe')
        }}
      >
        Unsafe
      </Button>
      {asked !== null && (
        <OpinionDialog
          kind={asked}
          pending={opinion.isPending}
          failure={opinion.error === null ? null : asFailure(opinion.error).message}
          onClose={() => {
            opinion.reset()
            setAsked(null)
          }}
          onSay={(text) => {
            say(asked, text)
          }}
        />
      )}
    </div>
  )
}

interface OpinionDialogProps {
  kind: 'wrong' | 'unsafe'
  pending: boolean
  failure: string | null
  onClose: () => void
  onSay: (text: string) => void
}

function OpinionDialog({ kind, pending, failure, onClose, onSay }: OpinionDialogProps) {
  const [text, setText] = useState('')
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={kind === 'unsafe' ? 'Report that this is unsafe' : 'Report that this is wrong'}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') onSay(text.trim())
        }}
      >
        <Textarea
          label="What is it?"
          description="Read by those who answer for AI in this clinic. It changes nothing in the draft: turn it down or correct it as well."
          data-autofocus
          autosize
          minRows={3}
          maxLength={2000}
          error={failure}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
          }}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={kind === 'unsafe' ? 'red.9' : 'brand'}
            loading={pending}
            disabled={text.trim() === ''}
          >
            Send the report
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
