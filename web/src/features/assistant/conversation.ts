/** A conversation of this session: it is in the memory of this page and nowhere else. */

import type { AiAnswer, Urgent } from '../../api/shapes'
import { citedAnswer, wordsOf } from '../../ui/cited-answer'

/** One question, and what became of it. */
export interface Exchange {
  id: number
  question: string
  urgent: Urgent | null
  outcome: Outcome | null
}

/** An answer, also one that says that there is none; or why nothing came back. */
type Outcome = { answer: AiAnswer } | { failure: string }

interface Turn {
  role: 'patient' | 'assistant'
  text: string
}

const turnsMax = 20

function saidIn({ output, status }: AiAnswer): string {
  return status !== 'ok' || output === null ? '' : wordsOf(citedAnswer(output))
}

/** Whether an answer says no more than the advice that stands above it already. */
export function repeatsAdvice({ urgent, outcome }: Exchange): boolean {
  if (urgent === null || outcome === null || !('answer' in outcome)) return false
  const said = saidIn(outcome.answer)
  return said !== '' && urgent.advice.startsWith(said.slice(0, 60))
}

/** What is sent with a question: what was said before, the last turns of it, then the question. */
export function turnsWith(exchanges: readonly Exchange[], question: string): Turn[] {
  const before = exchanges.flatMap(({ question: asked, outcome }): Turn[] => {
    const said = outcome !== null && 'answer' in outcome ? saidIn(outcome.answer) : ''
    const turn: Turn = { role: 'patient', text: asked }
    return said === '' ? [turn] : [turn, { role: 'assistant', text: said.slice(0, 4000) }]
  })
  return [...before.slice(1 - turnsMax), { role: 'patient', text: question }]
}

/** What the clinic is told when it takes over: the question as it was asked. */
export function handOverText({ question }: Exchange): string {
  return question
}

/** Change one exchange, the others as they are. */
export function changed(
  exchanges: readonly Exchange[],
  id: number,
  change: Partial<Exchange>,
): Exchange[] {
  return exchanges.map((one) => (one.id === id ? { ...one, ...change } : one))
}
