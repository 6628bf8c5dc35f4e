import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ChevronLeft, Download, FileClock, FileX2, FolderX, Hourglass, Loader } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { asFailure } from '../../api/errors'
import type { Loaded } from '../../api/loaded'
import type { InboxDocument } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import { ReasonDialog } from '../../ui/reason-dialog'
import { Waiting } from '../../ui/waiting'
import classes from './document-screen.module.css'
import { statusWords } from './document-status'
import { MatchPanel } from './match-panel'
import { useDocumentDecisions } from './use-document'

interface DocumentScreenProps {
  document: Loaded<InboxDocument>
  /** Drawn where the document is read and has a patient; null for roles that do not review. */
  review: ((document: InboxDocument) => ReactNode) | null
  /** Finds any patient, for when no candidate fits. */
  picker: (onPick: (patientId: string) => void) => ReactNode
}

/** One document of the inbox: being read, to be matched, to be reviewed, or settled. */
export function DocumentScreen({ document, review, picker }: DocumentScreenProps) {
  return (
    <LoadedView
      page
      loaded={document}
      subject="The document"
      loading={
        <div className={classes.waiting}>
          <Waiting rows={1} height={56} />
          <Waiting rows={1} height={420} />
        </div>
      }
    >
      {(found) => (
        <div className={classes.screen}>
          <Heading document={found} reviewed={review !== null} />
          <Body document={found} review={review} picker={picker} />
        </div>
      )}
    </LoadedView>
  )
}

interface HeadingProps {
  document: InboxDocument
  /** Whether the review below says itself that it is a draft. */
  reviewed: boolean
}

function Heading({ document, reviewed }: HeadingProps) {
  const { zone } = useClinic()
  const [asking, setAsking] = useState(false)
  const { discard } = useDocumentDecisions(document.id)
  const status = statusWords(document.status)
  const open = document.status !== 'filed' && document.status !== 'rejected'
  return (
    <header className={classes.heading}>
      <Link to="/inbox" className={classes.back}>
        <ChevronLeft size={16} aria-hidden="true" />
        Inbox
      </Link>
      <div className={classes.names}>
        <h1 className={classes.title}>{document.filename}</h1>
        <p className={classes.aside}>
          Received {staffInstant(document.received_at, zone)}, {document.received_by}
        </p>
      </div>
      {!(reviewed && document.status === 'to-review') && (
        <Pill tone={status.tone}>{status.label}</Pill>
      )}
      <div className={classes.acts}>
        <Button
          component="a"
          href={`/api/documents/${encodeURIComponent(document.id)}/content`}
          download={document.filename}
          variant="default"
          size="compact-md"
        >
          <Download size={15} aria-hidden="true" />
          <span className={classes.word}>Original</span>
        </Button>
        {open && (
          <Button
            variant="default"
            size="compact-md"
            onClick={() => {
              setAsking(true)
            }}
          >
            <FolderX size={15} aria-hidden="true" />
            <span className={classes.word}>Set aside</span>
          </Button>
        )}
      </div>
      <ReasonDialog
        title={`Set ${document.filename} aside`}
        explanation="It does not belong here, and nothing of it will reach a chart."
        act="Set aside"
        opened={asking}
        pending={discard.isPending}
        failure={discard.error === null ? null : asFailure(discard.error).message}
        onClose={() => {
          setAsking(false)
        }}
        onReason={(reason) => {
          discard.mutate(reason, {
            onSuccess: () => {
              setAsking(false)
            },
          })
        }}
      />
    </header>
  )
}

function Body({
  document,
  review,
  picker,
}: Omit<DocumentScreenProps, 'document'> & { document: InboxDocument }) {
  switch (document.status) {
    case 'reading':
      return (
        <Note icon={Loader} title="The document is being read">
          This takes a few seconds. The screen goes on by itself.
        </Note>
      )
    case 'to-match':
      return <MatchPanel document={document} picker={picker} />
    case 'unreadable':
      return (
        <Note icon={FileX2} tone="red" title="Nothing could be read">
          {document.note ?? 'No results were found on its pages.'} Download the original to read it
          yourself.
        </Note>
      )
    case 'rejected':
      return (
        <Note icon={FileX2} title="This document was set aside">
          {document.note ?? 'No reason was recorded.'}
        </Note>
      )
    case 'to-review':
    case 'filed':
      if (review === null || document.draft_id === null)
        return (
          <Note
            icon={document.status === 'filed' ? FileClock : Hourglass}
            title={
              document.status === 'filed'
                ? 'Signed and filed to the chart'
                : 'Waiting for a nurse or doctor to check'
            }
          >
            There is nothing left to do at the front desk.
          </Note>
        )
      return review(document)
  }
}
