/** What each sentence or line of a draft rests on, numbered as its marks are. */

import type { DraftPassage, TaskDraft } from '../../api/shapes'
import { partsOf, type Item, type Part } from '../../ui/answer-parts'
import type { Span } from '../../ui/marks'

export interface Evidence {
  number: number
  /** The item of the draft that names it. */
  place: string
  words: string
  spans: Span[]
  /** Sources of passages of the record. */
  sources: string[]
}

interface Sentence {
  text: string
  evidence: Evidence[]
  /** Whether it ends a line. */
  ends: boolean
}

/** Whether a passage holds the words in which places count. */
export function isText({ source }: DraftPassage): boolean {
  return source === 'text'
}

function sourcesIn(item: Item, known: ReadonlySet<string>): string[] {
  return (item.source ?? '')
    .split(/[\s,;]+/)
    .map((word) => word.replaceAll(/^\[|\]$/g, ''))
    .filter((word) => known.has(word))
}

/** Everything in a draft that says what it rests on, in reading order. */
export function evidenceOf(draft: TaskDraft): Evidence[] {
  const known = new Set(draft.given.map(({ source }) => source))
  const hasText = draft.given.some(isText)
  const items = partsOf(draft.task, draft.output).flatMap((part) => part.items ?? [])
  return items
    .map((item) => ({
      place: item.place,
      words: item.title,
      spans: hasText ? item.spans : [],
      sources: sourcesIn(item, known),
    }))
    .filter(({ spans, sources }) => spans.length > 0 || sources.length > 0)
    .map((one, at) => ({ number: at + 1, ...one }))
}

function plain(text: string): string {
  return text
    .toLocaleLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function isOf(evidence: Evidence, sentence: string): boolean {
  const [claim, said] = [plain(evidence.words), plain(sentence)]
  return claim !== '' && said !== '' && (said.includes(claim) || claim.includes(said))
}

/** A text sentence by sentence, each with the claims that are made in it. */
export function sentencesOf(text: string, evidence: readonly Evidence[]): Sentence[] {
  // An abbreviation or a decimal point ends no sentence: a space and a capital must follow.
  return text
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\p{N}])|(?<=\n)/u)
    .filter((sentence) => sentence.trim() !== '')
    .map((sentence) => ({
      text: sentence.trim(),
      evidence: evidence.filter((one) => isOf(one, sentence)),
      ends: sentence.endsWith('\n'),
    }))
}

interface Shown {
  /** Parts that are signed off, what must not be overlooked first. */
  parts: Part[]
  /** What stands beside them and is only looked at. */
  beside: Part[]
}

/** The parts of a draft as they are shown; claims that found their sentence are not shown twice. */
export function shownOf(draft: TaskDraft): Shown {
  const all = partsOf(draft.task, draft.output)
  const places = draft.parts.map(({ place }) => place)
  const known = all.filter(({ place }) => places.includes(place))
  const others = places.filter((place) => !known.some((part) => part.place === place))
  const unread: Part[] = others.map((place) => ({
    place,
    title: titleOf(place),
    text: wordsOf(valueAt(draft.output, place)),
  }))
  const parts = [...known, ...unread]
  const evidence = evidenceOf(draft)
  // A claim that a person wrote over is no statement of this draft any more.
  const before = draft.parts.map(({ place }) => wordsOf(valueAt(draft.said ?? {}, place)))
  const texts = [...parts.map(({ text = '' }) => text), ...before]
  const told = texts.flatMap((text) => sentencesOf(text, evidence))
  const homeless = (item: Item): boolean =>
    !told.some((sentence) => sentence.evidence.some(({ place }) => place === item.place))
  const beside = all
    .filter(({ place }) => !places.includes(place))
    .map((part) =>
      part.place === 'claims' ? { ...part, items: (part.items ?? []).filter(homeless) } : part,
    )
    .filter((part) => part.place !== 'claims' || (part.items ?? []).length > 0)
  return { parts, beside }
}

/** `Open questions` from `sections.open_questions`. */
function titleOf(place: string): string {
  const words = (place.split('.').at(-1) ?? place).replaceAll('_', ' ')
  return words.charAt(0).toLocaleUpperCase() + words.slice(1)
}

/** What stands at a place such as `sections.plan` of an output. */
export function valueAt(output: Record<string, unknown>, place: string): unknown {
  return place.split('.').reduce<unknown>((found, name) => {
    if (typeof found !== 'object' || found === null) return undefined
    return (found as Record<string, unknown>)[name]
  }, output)
}

/** An output with something else at a place. */
export function withValue(
  output: Record<string, unknown>,
  place: string,
  value: unknown,
): Record<string, unknown> {
  const [first = '', ...rest] = place.split('.')
  if (rest.length === 0) return { ...output, [first]: value }
  const inner = (output[first] ?? {}) as Record<string, unknown>
  return { ...output, [first]: withValue(inner, rest.join('.'), value) }
}

/** A value as words that can be compared: a line each for lists. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(wordsOf).join('\n')
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map(wordsOf)
      .filter((words) => words !== '')
      .join(' · ')
  return ''
}
