import { Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FileText, Inbox } from 'lucide-react'
import type { Loaded } from '../../api/loaded'
import type { InboxDocument } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { fullName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { documentsOf, statusWords, type InboxPart } from './document-status'
import classes from './inbox-list.module.css'
import { UploadPanel } from './upload-panel'

interface InboxListProps {
  documents: Loaded<InboxDocument[]>
  part: InboxPart
  onPart: (part: InboxPart) => void
}

const partNames: Record<InboxPart, string> = {
  waiting: 'Waiting',
  filed: 'Filed',
  'set-aside': 'Set aside',
}

/** Documents that arrived: drop more in, open one to say whose it is and to check it. */
export function InboxList({ documents, part, onPart }: InboxListProps) {
  return (
    <div className={classes.screen}>
      <h1 className={classes.title}>Document inbox</h1>
      <UploadPanel />
      <LoadedView loaded={documents} subject="The inbox" loading={<Waiting rows={5} height={60} />}>
        {(all) => (
          <Tabs
            value={part}
            onChange={(value) => {
              if (value !== null) onPart(value as InboxPart)
            }}
            keepMounted={false}
          >
            <Tabs.List className={classes.parts} aria-label="Part of the inbox">
              {Object.entries(partNames).map(([name, label]) => (
                <Tabs.Tab key={name} value={name}>
                  {label} ({documentsOf(all, name as InboxPart).length})
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={part}>
              <Documents documents={documentsOf(all, part)} />
            </Tabs.Panel>
          </Tabs>
        )}
      </LoadedView>
    </div>
  )
}

function Documents({ documents }: { documents: InboxDocument[] }) {
  if (documents.length === 0)
    return (
      <Note icon={Inbox} title="Nothing here">
        Documents that you drop in above appear in this list.
      </Note>
    )
  return (
    <ul className={classes.list} aria-label="Documents">
      {documents.map((document) => (
        <li key={document.id}>
          <DocumentLine document={document} />
        </li>
      ))}
    </ul>
  )
}

function DocumentLine({ document }: { document: InboxDocument }) {
  const { zone } = useClinic()
  const status = statusWords(document.status)
  return (
    <Link className={classes.row} to="/inbox/$documentId" params={{ documentId: document.id }}>
      <FileText size={20} aria-hidden="true" className={classes.icon} />
      <span className={classes.what}>
        <span className={classes.name}>{document.filename}</span>
        <span className={classes.aside}>
          {staffInstant(document.received_at, zone)} · {document.received_by}
        </span>
      </span>
      <span className={classes.patient}>
        {document.patient === null ? 'No patient yet' : fullName(document.patient)}
      </span>
      <span className={classes.states}>
        {document.critical && <Pill tone="red-filled">Critical value</Pill>}
        {document.status === 'to-review' && document.must_check > 0 && (
          <Pill tone="amber">{document.must_check} to check</Pill>
        )}
        <Pill tone={status.tone}>{status.label}</Pill>
      </span>
    </Link>
  )
}
