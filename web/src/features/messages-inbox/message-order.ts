/** Patients' messages by how soon they must be read, why, and how their clocks stand. */

import type { MessageClass, PatientMessage } from '../../api/shapes'
import type { PillTone } from '../../ui/pill'
import { phrasesOf, rulesOf } from '../../ui/red-flags'

type Urgency = PatientMessage['urgency']

export const classNames: Record<MessageClass, string> = {
  'urgent-symptom': 'Urgent symptom',
  symptom: 'Symptom',
  refill: 'Refill',
  results: 'Results',
  appointment: 'Appointment',
  billing: 'Billing',
  administrative: 'Administrative',
  thanks: 'Thanks',
  other: 'Other',
  unsorted: 'Not sorted',
}

interface UrgencyWords {
  title: string
  pill: string
  tone: PillTone
}

export const urgencies: Record<Urgency, UrgencyWords> = {
  now: { title: 'Now', pill: 'Now', tone: 'red-filled' },
  soon: { title: 'Within the hour', pill: 'Soon', tone: 'red' },
  today: { title: 'Today', pill: 'Today', tone: 'amber' },
  usual: { title: 'Within two days', pill: 'Usual', tone: 'grey' },
}

export interface MessageGroup {
  urgency: Urgency
  title: string
  messages: PatientMessage[]
}

/** Groups that hold something, the most urgent first; within one the platform's order stays. */
export function byUrgency(messages: readonly PatientMessage[]): MessageGroup[] {
  return (Object.keys(urgencies) as Urgency[])
    .map((urgency) => ({
      urgency,
      title: urgencies[urgency].title,
      messages: messages.filter((one) => one.urgency === urgency),
    }))
    .filter((group) => group.messages.length > 0)
}

/** Why a message stands where it stands, the decisive reason first. */
export function reasonsOf({
  lifts,
  klass,
  method,
  chance,
  reason,
  change,
}: PatientMessage): string[] {
  const changed =
    change === null
      ? []
      : [`${change.by} changed it from “${classNames[change.was]}”: ${change.reason}`]
  const lifted = lifts.length === 0 ? [] : [liftWords(lifts)]
  if (change !== null) return [...changed, ...lifted]
  const sorted =
    klass === 'unsorted'
      ? [`Not sorted: ${reason ?? 'no method could say'} Read it soon.`]
      : [
          `Sorted as ${classNames[klass].toLocaleLowerCase()}${likely(chance)} by ${method ?? 'a method'}`,
        ]
  return [...lifted, ...sorted]
}

function liftWords(lifts: PatientMessage['lifts']): string {
  const phrases = phrasesOf(lifts).map((phrase) => `“${phrase}”`)
  const rules = rulesOf(lifts)
  return `Red flag ${phrases.join(', ')}, by the ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}`
}

function likely(chance: number | null): string {
  if (chance === null) return ''
  // Nothing that a model says is certain.
  return chance > 0.99 ? ', over 99 % likely,' : `, ${Math.round(chance * 100)} % likely,`
}

interface ClockWords {
  words: string
  isOver: boolean
}

/** How long there is to answer, or for how long it has been too late. */
export function clockWords(due: string, now: Date): ClockWords {
  const minutes = Math.round((new Date(due).getTime() - now.getTime()) / 60_000)
  const isOver = minutes < 0
  const length = lengthWords(Math.abs(minutes))
  return { words: isOver ? `Late by ${length}` : `${length} left`, isOver }
}

function lengthWords(minutes: number): string {
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}
