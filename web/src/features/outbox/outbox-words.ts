import type { OutboxMessage, OutboxState, OutboxWays } from '../../api/shapes'
import type { PillTone } from '../../ui/pill'

const kinds: Record<string, string> = {
  booked: 'Visit booked',
  moved: 'Visit moved',
  cancelled: 'Visit cancelled',
  reminder: 'Reminder',
  choose: 'Choose a new time',
  offer: 'A time is offered',
  'offer-lost': 'The offered time is gone',
  'late-cancel': 'Cancelled after the limit',
}

/** What a message is about; a kind without words of its own is named as it is. */
export function kindWords(kind: string): string {
  return kinds[kind] ?? kind
}

const states: Record<OutboxState, { words: string; tone: PillTone }> = {
  waiting: { words: 'Waiting', tone: 'grey' },
  sent: { words: 'Sent', tone: 'green' },
  captured: { words: 'Kept, not sent', tone: 'brand' },
  'not-sent': { words: 'Not sent', tone: 'amber' },
  refused: { words: 'Refused', tone: 'red' },
  dropped: { words: 'Not needed any more', tone: 'grey' },
  received: { words: 'Received', tone: 'green' },
}

export function stateWords(state: OutboxState): { words: string; tone: PillTone } {
  return states[state]
}

export const stateChoices: { value: OutboxState; label: string }[] = (
  Object.keys(states) as OutboxState[]
).map((value) => ({ value, label: states[value].words }))

/** Where it went, as far as the screen may show it. */
export function wayWords({ way, to, direction }: OutboxMessage): string {
  if (way === null) return 'No way to write to them'
  const by = way === 'mail' ? 'E-mail' : 'Text message'
  const where = to === null ? '' : ` ${direction === 'in' ? 'from' : 'to'} ${to}`
  return `${by}${where}`
}

/** What is to be known about both ways before reading the list, or nothing where both send. */
export function waysWords({ mail, sms }: OutboxWays): string | undefined {
  const said = [
    mail === 'off' ? 'No e-mail server is set up, so e-mails are not sent.' : undefined,
    mail === 'captured' ? 'E-mails of this clinic are kept here and not sent.' : undefined,
    sms === 'off' ? 'No text message provider is set up.' : undefined,
    sms === 'captured' ? 'Text messages of this clinic are kept here and not sent.' : undefined,
  ].filter((words) => words !== undefined)
  return said.length === 0 ? undefined : said.join(' ')
}
