import { Button } from '@mantine/core'
import { Check, TriangleAlert } from 'lucide-react'
import type { DraftFinding } from '../../api/shapes'
import classes from './draft-part.module.css'

interface FindingBoxProps {
  finding: DraftFinding
  isOpen: boolean
  pending: boolean
  onSettle: () => void
}

/** One doubt of the guard in plain words, and the way to settle it. */
export function FindingBox({ finding, isOpen, pending, onSettle }: FindingBoxProps) {
  if (finding.is_settled)
    return (
      <p className={classes.settled}>
        <Check size={14} aria-hidden="true" />
        <span>
          Checked by a person: {finding.said !== '' && <q>{finding.said}</q>} {finding.sentence}
        </span>
      </p>
    )
  return (
    <div className={classes.finding} role="note">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        {finding.said !== '' && <strong>“{finding.said}” </strong>}
        {finding.sentence} Confirm it or change it before you sign off.
      </p>
      {isOpen && (
        <Button
          size="compact-sm"
          variant="default"
          className={classes.settle}
          data-act="settle"
          disabled={pending}
          onClick={onSettle}
        >
          I have checked it<span className={classes.hidden}>: “{finding.said}”</span>
        </Button>
      )}
    </div>
  )
}
