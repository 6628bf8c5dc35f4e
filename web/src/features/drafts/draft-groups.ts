import type { TaskDraftLine } from '../../api/shapes'
import { fullName } from '../../ui/person-name'

export type DraftsPart = 'open' | 'signed' | 'rejected'

export interface Group {
  key: string
  title: string
  tone: 'red' | 'amber' | 'plain'
  drafts: TaskDraftLine[]
}

/** The drafts of a part, in the order in which the platform puts them. */
export function draftsOf(drafts: readonly TaskDraftLine[], part: DraftsPart): TaskDraftLine[] {
  if (part !== 'open') return drafts.filter(({ status }) => status === part)
  return drafts.filter(({ status }) => status === 'draft' || status === 'reviewed')
}

const urgencies = [
  { urgency: 'now', title: 'Someone may come to harm: look now', tone: 'red' },
  { urgency: 'soon', title: 'Soon', tone: 'amber' },
  { urgency: 'usual', title: 'As usual', tone: 'plain' },
] as const

/** What may harm first; a group without a draft is left out. */
export function byUrgency(drafts: readonly TaskDraftLine[]): Group[] {
  return urgencies
    .map(({ urgency, title, tone }) => ({
      key: urgency,
      title,
      tone,
      drafts: drafts.filter((draft) => draft.urgency === urgency),
    }))
    .filter((group) => group.drafts.length > 0)
}

/** One group a patient, by name; drafts about nobody come last. */
export function byPatient(drafts: readonly TaskDraftLine[]): Group[] {
  const groups = new Map<string, Group>()
  for (const draft of drafts) {
    const key = draft.patient?.id ?? ''
    const title = draft.patient === null ? 'About no patient' : fullName(draft.patient)
    const group = groups.get(key) ?? { key, title, tone: 'plain', drafts: [] }
    groups.set(key, { ...group, drafts: [...group.drafts, draft] })
  }
  return [...groups.values()].sort(
    (a, b) => Number(a.key === '') - Number(b.key === '') || a.title.localeCompare(b.title),
  )
}
