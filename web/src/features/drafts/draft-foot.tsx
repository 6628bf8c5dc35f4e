import { Button, CopyButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { Copy, PenLine } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { TaskDraft } from '../../api/shapes'
import { ReasonDialog } from '../../ui/reason-dialog'
import classes from './draft-foot.module.css'
import { SignDraftDialog } from './sign-draft-dialog'
import { useSignedWords, type useTaskDraft } from './use-drafts'

interface DraftFootProps {
  draft: TaskDraft
  maySign: boolean
  isOpen: boolean
  acts: ReturnType<typeof useTaskDraft>
}

/** How far the review is, and the ways on: turn down, or sign. */
export function DraftFoot({ draft, maySign, isOpen, acts }: DraftFootProps) {
  const [dialog, setDialog] = useState<'sign' | 'reject' | null>(null)
  const change = acts.change.error === null ? null : asFailure(acts.change.error)
  if (!isOpen) return <ClosedFoot draft={draft} />
  const done = draft.parts.filter((part) => part.signed_off_by !== null).length
  const unsettled = draft.findings.filter(({ is_settled }) => !is_settled).length
  return (
    <footer className={classes.bar}>
      {change !== null && (
        <div className={classes.failure} role="alert">
          <p>{change.message}</p>
          {(change.status === 409 || change.status === 412) && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                acts.change.reset()
                void acts.query.refetch()
              }}
            >
              Load it as it is now
            </Button>
          )}
        </div>
      )}
      <div className={classes.progress}>
        <span className={classes.segments} aria-hidden="true">
          {draft.parts.map((part) => (
            <span
              key={part.place}
              data-stage={
                part.signed_off_by !== null ? 'done' : part.unsettled > 0 ? 'check' : 'left'
              }
            />
          ))}
        </span>
        <span className={classes.count} role="status">
          {done} of {draft.parts.length} signed off
          {unsettled > 0 && ` · ${unsettled} to check`}
        </span>
      </div>
      <div className={classes.buttons}>
        {maySign && (
          <Button
            variant="default"
            onClick={() => {
              setDialog('reject')
            }}
          >
            Turn down
          </Button>
        )}
        {maySign ? (
          <Button
            className={classes.sign}
            disabled={draft.left !== null}
            leftSection={<PenLine size={16} aria-hidden="true" />}
            onClick={() => {
              setDialog('sign')
            }}
          >
            Sign draft
          </Button>
        ) : (
          <p className={classes.handover}>
            {draft.left === null
              ? 'Ready for a clinician to sign'
              : 'A clinician signs it once every part is signed off'}
          </p>
        )}
      </div>
      <p className={classes.keys}>
        Keys in the draft: <kbd>j</kbd> <kbd>k</kbd> next and previous part, <kbd>c</kbd> checked,{' '}
        <kbd>e</kbd> edit, <kbd>s</kbd> sign the part off
      </p>
      {dialog === 'sign' && (
        <SignDraftDialog
          draft={draft}
          pending={acts.sign.isPending}
          failure={acts.sign.error === null ? null : asFailure(acts.sign.error).message}
          onClose={() => {
            acts.sign.reset()
            setDialog(null)
          }}
          onSign={() => {
            acts.sign.mutate(undefined, {
              onSuccess: () => {
                setDialog(null)
                notifications.show({
                  message: draft.becomes === null ? 'Signed.' : 'Signed and filed to the chart.',
                  color: 'brand',
                })
              },
            })
          }}
        />
      )}
      <ReasonDialog
        title="Turn this draft down"
        explanation="Nothing of it goes anywhere. This cannot be undone."
        act="Turn down"
        opened={dialog === 'reject'}
        pending={acts.reject.isPending}
        failure={acts.reject.error === null ? null : asFailure(acts.reject.error).message}
        onClose={() => {
          acts.reject.reset()
          setDialog(null)
        }}
        onReason={(reason) => {
          acts.reject.mutate(reason, {
            onSuccess: () => {
              setDialog(null)
            },
          })
        }}
      />
    </footer>
  )
}

function ClosedFoot({ draft }: { draft: TaskDraft }) {
  const words = useSignedWords(draft.id, draft.status === 'signed')
  return (
    <footer className={classes.bar}>
      <div className={classes.buttons}>
        {draft.patient !== null && draft.status === 'signed' && (
          <Button
            renderRoot={(props) => (
              <Link
                to="/chart/$patientId/$tab"
                params={{ patientId: draft.patient?.id ?? '', tab: 'documents' }}
                {...props}
              />
            )}
          >
            Open the chart
          </Button>
        )}
        {words !== undefined && (
          <CopyButton value={words}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={<Copy size={15} aria-hidden="true" />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy the signed words'}
              </Button>
            )}
          </CopyButton>
        )}
        <Button component={Link} to="/drafts" variant="default">
          Back to the drafts
        </Button>
      </div>
    </footer>
  )
}
