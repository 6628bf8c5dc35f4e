import { Button, Group, Modal } from '@mantine/core'
import { PenLine } from 'lucide-react'
import type { TaskDraft } from '../../api/shapes'
import { fullName } from '../../ui/person-name'
import classes from './draft-foot.module.css'

interface SignDraftDialogProps {
  draft: TaskDraft
  pending: boolean
  failure: string | null
  onClose: () => void
  onSign: () => void
}

/** Name patient and act once more before signing: afterwards it is the signer's word. */
export function SignDraftDialog({
  draft,
  pending,
  failure,
  onClose,
  onSign,
}: SignDraftDialogProps) {
  const whom = draft.patient === null ? 'no patient' : fullName(draft.patient)
  const changed = draft.said !== null
  return (
    <Modal opened centered onClose={onClose} title={`Sign for ${whom}`}>
      <p className={classes.what}>
        “{draft.title}” becomes your word,{' '}
        {changed ? 'with the changes made in review' : 'as it stands'}.{' '}
        {draft.becomes === null
          ? 'It is kept as signed; nothing is written to a chart.'
          : `It is filed to the chart as “${draft.becomes}”, under your name.`}{' '}
        This cannot be undone.
      </p>
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
          loading={pending}
          data-autofocus
          leftSection={<PenLine size={16} aria-hidden="true" />}
          onClick={onSign}
        >
          Sign
        </Button>
      </Group>
    </Modal>
  )
}
