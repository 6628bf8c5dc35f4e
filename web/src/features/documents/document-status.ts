import type { InboxDocument, InboxStatus } from '../../api/shapes'
import type { PillTone } from '../../ui/pill'

interface StatusWords {
  label: string
  tone: PillTone
}

const words: Record<InboxStatus, StatusWords> = {
  reading: { label: 'Being read', tone: 'ai' },
  'to-match': { label: 'Whose is it?', tone: 'amber' },
  'to-review': { label: 'AI draft · not signed', tone: 'ai-filled' },
  filed: { label: 'Signed and filed', tone: 'green' },
  rejected: { label: 'Set aside', tone: 'grey' },
  unreadable: { label: 'Could not be read', tone: 'red' },
}

/** A document's state in words and a colour that repeats them. */
export function statusWords(status: InboxStatus): StatusWords {
  return words[status]
}

/** What part of the inbox a list shows. */
export type InboxPart = 'waiting' | 'filed' | 'set-aside'

const parts: Record<InboxPart, InboxStatus[]> = {
  waiting: ['reading', 'to-match', 'to-review', 'unreadable'],
  filed: ['filed'],
  'set-aside': ['rejected'],
}

/** The documents of one part; critical ones first. */
export function documentsOf(documents: InboxDocument[], part: InboxPart): InboxDocument[] {
  return documents
    .filter((one) => parts[part].includes(one.status))
    .toSorted((one, other) => Number(other.critical) - Number(one.critical))
}
