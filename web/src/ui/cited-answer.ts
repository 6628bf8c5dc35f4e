/** An answer with what it rests on, as patients read it. */

import { patientDate, patientTime } from './dates'
import { namedSource, type NamedSource } from './named-source'

export interface Citation {
  /** As it stands in the text and in the list, from 1. */
  number: number
  source: string
  text: string
  /** The entry of the record that it is, where it is one. */
  entry: { kind: string; id: string } | null
}

export interface CitedAnswer {
  pieces: readonly Piece[]
  citations: readonly Citation[]
  escalation: string | null
}

/** Words of an answer, or the mark of a citation among them. */
type Piece = { words: string } | { mark: number }

const entrySource = /^(?<kind>[A-Z][A-Za-z]+)\/(?<id>[A-Za-z0-9.-]{1,64})$/
const mark = /\[(\d{1,2})\]/g

function citationOf(raw: unknown, at: number): Citation {
  const one = (raw ?? {}) as Record<string, unknown>
  const source = typeof one.source === 'string' ? one.source : ''
  const text = typeof one.text === 'string' ? one.text : ''
  const { kind, id } = entrySource.exec(source)?.groups ?? {}
  const entry = kind === undefined || id === undefined ? null : { kind, id }
  return { number: at + 1, source, text, entry }
}

/** Cut marks such as `[2]` out of the words; what names no citation stays as it was written. */
export function piecesOf(text: string, count: number): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(mark)) {
    const number = Number(found[1])
    if (number < 1 || number > count) continue
    if (found.index > from) pieces.push({ words: text.slice(from, found.index) })
    pieces.push({ mark: number })
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ words: text.slice(from) })
  return pieces
}

/** The words alone, without the marks. */
export function wordsOf({ pieces }: CitedAnswer): string {
  return pieces
    .map((piece) => ('words' in piece ? piece.words : ''))
    .join('')
    .trim()
}

/** Read what `patient-chat` and `health-tutor` answer. */
export function citedAnswer(output: Record<string, unknown>): CitedAnswer {
  const raw = Array.isArray(output.citations) ? (output.citations as unknown[]) : []
  const text = typeof output.answer === 'string' ? output.answer : ''
  return {
    pieces: piecesOf(text, raw.length),
    citations: raw.map(citationOf),
    escalation: typeof output.escalation === 'string' ? output.escalation : null,
  }
}

const plainKinds: Record<string, string> = {
  Observation: 'Result',
  MedicationRequest: 'Medicine',
  MedicationStatement: 'Medicine',
  Condition: 'Condition',
  Appointment: 'Visit',
  Encounter: 'Visit',
  AllergyIntolerance: 'Allergy',
  Immunization: 'Vaccination',
  DiagnosticReport: 'Report',
  Procedure: 'Procedure',
  Patient: 'Your details',
}

/** `Medicine: Metformin 500 mg` from an entry in words: what it is, without what follows. */
function headOf(text: string): string {
  return text.split(', ', 1)[0] ?? text
}

const moments = /\b(\d{4}-\d{2}-\d{2})(T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?/g

/** An entry with its days and times as patients read them. */
export function readable(text: string, zone: string): string {
  return text.replaceAll(moments, (found: string, day: string, time: string | undefined) =>
    time === undefined
      ? patientDate(day, zone)
      : `${patientDate(found, zone)}, ${patientTime(found, zone)}`,
  )
}

/** Whether a citation is our own words of what a test is. */
export function isOurOwn(source: string): boolean {
  return source.startsWith('labs/')
}

/** A published source, whose name stands in its address's place or beside it. */
export function publishedSource({ source, text }: Pick<Citation, 'source' | 'text'>): NamedSource {
  return /^https?:\/\/\S+$/.test(source) ? namedSource(`${text} ${source}`) : namedSource(source)
}

/** What a citation is called: the entry by its first words, or the published source. */
export function citationTitle({ entry, source, text }: Citation): string {
  if (entry !== null) return text === '' ? (plainKinds[entry.kind] ?? 'Your record') : headOf(text)
  return isOurOwn(source)
    ? 'What the test is, in our own words'
    : publishedSource({ source, text }).name
}
