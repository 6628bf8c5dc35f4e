import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { PenLine } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { DraftView, Row } from '../../api/shapes'
import { ReasonDialog } from '../../ui/reason-dialog'
import classes from './review-actions.module.css'
import { isSettled, leftToCheck } from './review-edits'
import { SaveMark } from './save-mark'
import { SignDialog } from './sign-dialog'
import type { useAutosave } from './use-autosave'
import type { useDraft } from './use-draft'

interface ReviewActionsProps {
  draft: DraftView
  rows: Row[]
  maySign: boolean
  saving: ReturnType<typeof useAutosave>
  acts: ReturnType<typeof useDraft>
}

/** How far the review is, and the three ways on: reject, save, sign. */
export function ReviewActions({ draft, rows, maySign, saving, acts }: ReviewActionsProps) {
  const [dialog, setDialog] = useState<'sign' | 'reject' | null>(null)
  if (draft.status === 'signed') return <SignedBar draft={draft} />
  if (draft.status === 'rejected') return null

  const left = leftToCheck(rows)
  const blockers = left === 0 ? draft.blocked_by : []
  const ready = left === 0 && saving.pending.size === 0 && saving.state.state === 'saved'
  const close = (): void => {
    setDialog(null)
  }
  return (
    <footer className={classes.bar}>
      <div className={classes.progress}>
        <Progress rows={rows} />
        <span className={classes.count} role="status">
          {left === 0 ? `All ${rows.length} rows ready` : `${left} of ${rows.length} to check`}
        </span>
        <SaveMark state={saving.state} />
      </div>
      {blockers.length > 0 && saving.state.state === 'saved' && (
        <ul className={classes.blockers}>
          {blockers.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <div className={classes.buttons}>
        {maySign && (
          <Button
            variant="default"
            onClick={() => {
              setDialog('reject')
            }}
          >
            Reject
          </Button>
        )}
        <Button
          variant="default"
          loading={saving.state.state === 'saving'}
          onClick={() => void saving.save()}
        >
          Save
        </Button>
        {maySign ? (
          <Button
            className={classes.sign}
            disabled={!ready || blockers.length > 0}
            leftSection={<PenLine size={16} aria-hidden="true" />}
            onClick={() => {
              setDialog('sign')
            }}
          >
            Sign report
          </Button>
        ) : (
          left === 0 && <p className={classes.handover}>Ready for a clinician to sign</p>
        )}
      </div>
      {dialog === 'sign' && (
        <SignDialog
          draft={draft}
          rows={rows}
          pending={acts.accept.isPending}
          failure={acts.accept.error === null ? null : asFailure(acts.accept.error).message}
          onClose={close}
          onSign={(words) => {
            acts.accept.mutate(
              { version: draft.version, ...words },
              {
                onSuccess: () => {
                  close()
                  notifications.show({ message: 'Signed and filed to the chart.', color: 'brand' })
                },
              },
            )
          }}
        />
      )}
      <ReasonDialog
        title="Reject this draft"
        explanation="Nothing of it reaches the chart. This cannot be undone."
        act="Reject draft"
        opened={dialog === 'reject'}
        pending={acts.reject.isPending}
        failure={acts.reject.error === null ? null : asFailure(acts.reject.error).message}
        onClose={close}
        onReason={(reason) => {
          acts.reject.mutate({ version: draft.version, reason }, { onSuccess: close })
        }}
      />
    </footer>
  )
}

function Progress({ rows }: { rows: Row[] }) {
  return (
    <span className={classes.segments} aria-hidden="true">
      {rows.map((row) => (
        <span
          key={row.index}
          data-stage={row.must_check ? 'check' : isSettled(row) ? 'done' : 'read'}
        />
      ))}
    </span>
  )
}

function SignedBar({ draft }: { draft: DraftView }) {
  if (draft.patient === null) return null
  const patientId = draft.patient.id
  return (
    <footer className={classes.bar}>
      <div className={classes.buttons}>
        <Button
          renderRoot={(props) => (
            <Link to="/chart/$patientId/$tab" params={{ patientId, tab: 'results' }} {...props} />
          )}
        >
          Open the chart
        </Button>
        <Button component={Link} to="/inbox" variant="default">
          Back to the inbox
        </Button>
      </div>
    </footer>
  )
}
