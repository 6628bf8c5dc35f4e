import { SegmentedControl, Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FilePen } from 'lucide-react'
import { useId, useState } from 'react'
import type { Loaded } from '../../api/loaded'
import type { TaskDraftLine } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { listName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { byPatient, byUrgency, draftsOf, type DraftsPart, type Group } from './draft-groups'
import classes from './drafts-list.module.css'

interface DraftsListProps {
  drafts: Loaded<TaskDraftLine[]>
  part: DraftsPart
  onPart: (part: DraftsPart) => void
}

const partNames: Record<DraftsPart, string> = {
  open: 'To review',
  signed: 'Signed',
  rejected: 'Turned down',
}

/** What AI wrote and nobody has signed yet: what may harm first, then who waits longest. */
export function DraftsList({ drafts, part, onPart }: DraftsListProps) {
  return (
    <div className={classes.screen}>
      <header className={classes.heading}>
        <h1 className={classes.title}>Drafts to review</h1>
        <p className={classes.lead}>
          Written by AI, signed by a person, one at a time. Laboratory reports are in the inbox.
        </p>
      </header>
      <LoadedView loaded={drafts} subject="The drafts" loading={<Waiting rows={5} height={60} />}>
        {(all) => (
          <Tabs
            value={part}
            onChange={(value) => {
              if (value !== null) onPart(value as DraftsPart)
            }}
            keepMounted={false}
          >
            <Tabs.List className={classes.parts} aria-label="Part of the drafts">
              {Object.entries(partNames).map(([name, label]) => (
                <Tabs.Tab key={name} value={name}>
                  {label} ({draftsOf(all, name as DraftsPart).length})
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={part}>
              <Drafts drafts={draftsOf(all, part)} part={part} />
            </Tabs.Panel>
          </Tabs>
        )}
      </LoadedView>
    </div>
  )
}

const empty: Record<DraftsPart, { title: string; text: string }> = {
  open: {
    title: 'No draft waits',
    text: 'What AI writes about a patient comes here before it goes anywhere.',
  },
  signed: { title: 'Nothing is signed yet', text: 'Signed drafts stay in this list.' },
  rejected: { title: 'Nothing was turned down', text: 'Drafts that were turned down stay here.' },
}

function Drafts({ drafts, part }: { drafts: TaskDraftLine[]; part: DraftsPart }) {
  const [order, setOrder] = useState<'urgency' | 'patient'>('urgency')
  if (drafts.length === 0)
    return (
      <Note icon={FilePen} title={empty[part].title}>
        {empty[part].text}
      </Note>
    )
  if (part !== 'open') return <Lines drafts={drafts} label={partNames[part]} />
  const groups = order === 'urgency' ? byUrgency(drafts) : byPatient(drafts)
  return (
    <>
      <SegmentedControl
        className={classes.order}
        aria-label="Order"
        data={[
          { value: 'urgency', label: 'By urgency' },
          { value: 'patient', label: 'By patient' },
        ]}
        value={order}
        onChange={(value) => {
          setOrder(value)
        }}
      />
      <div className={classes.groups}>
        {groups.map((group) => (
          <GroupOfLines key={group.key} group={group} />
        ))}
      </div>
    </>
  )
}

function GroupOfLines({ group }: { group: Group }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className={classes.group} data-tone={group.tone}>
        {group.title}
      </h2>
      <Lines drafts={group.drafts} label={group.title} />
    </section>
  )
}

function Lines({ drafts, label }: { drafts: TaskDraftLine[]; label: string }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {drafts.map((draft) => (
        <li key={draft.id}>
          <DraftLine draft={draft} />
        </li>
      ))}
    </ul>
  )
}

function DraftLine({ draft }: { draft: TaskDraftLine }) {
  const { zone } = useClinic()
  const name = draft.patient === null ? 'About no patient' : listName(draft.patient)
  return (
    <Link className={classes.row} to="/drafts/$draftId" params={{ draftId: draft.id }}>
      <FilePen size={20} aria-hidden="true" className={classes.icon} />
      <span className={classes.what}>
        <span className={classes.name}>{name}</span>
        <span className={classes.aside}>{draft.title}</span>
      </span>
      <span className={classes.when}>
        {draft.reviewed_at === null
          ? `Written ${staffInstant(draft.created_at, zone)} by ${draft.engine}`
          : `${draft.reviewed_by ?? 'Someone'}, ${staffInstant(draft.reviewed_at, zone)}`}
      </span>
      <States draft={draft} />
    </Link>
  )
}

function States({ draft }: { draft: TaskDraftLine }) {
  if (draft.status === 'signed')
    return (
      <span className={classes.states}>
        <Pill tone="green">Signed</Pill>
      </span>
    )
  if (draft.status === 'rejected')
    return (
      <span className={classes.states}>
        <Pill tone="grey">Turned down</Pill>
      </span>
    )
  return (
    <span className={classes.states}>
      {draft.urgency === 'now' && <Pill tone="red-filled">Look now</Pill>}
      {draft.urgency === 'soon' && <Pill tone="amber">Soon</Pill>}
      {draft.unsettled > 0 && <Pill tone="amber">{draft.unsettled} to check</Pill>}
      <Pill tone={draft.status === 'reviewed' ? 'brand' : 'ai'}>
        {draft.status === 'reviewed'
          ? 'Ready to sign'
          : `${draft.signed_off} of ${draft.parts} signed off`}
      </Pill>
    </span>
  )
}
