import { Button, Group, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'

interface ReasonDialogProps {
  title: string
  explanation: string
  /** The word on the button that does it. */
  act: string
  color?: string
  maxLength?: number
  opened: boolean
  pending: boolean
  failure: string | null
  onClose: () => void
  onReason: (reason: string) => void
}

const shortest = 3

/** Ask for a reason before something that others will want to know the reason of. */
export function ReasonDialog({
  title,
  explanation,
  act,
  color = 'red.9',
  maxLength = 500,
  opened,
  pending,
  failure,
  onClose,
  onReason,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const isReason = reason.trim().length >= shortest
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReason) onReason(reason.trim())
        }}
      >
        <p style={{ marginBottom: 12, color: 'var(--ink-second)', fontSize: 14 }}>{explanation}</p>
        <Textarea
          label="Reason"
          data-autofocus
          autosize
          minRows={2}
          maxLength={maxLength}
          value={reason}
          error={failure}
          onChange={(event) => {
            setReason(event.currentTarget.value)
          }}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={color} loading={pending} disabled={!isReason}>
            {act}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
