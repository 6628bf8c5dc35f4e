import type { AiModel, AiOversight, AiRuns, AiUsed } from '../../api/shapes'

const micro = 1_000_000

/** `$12.34` from micro-dollars; what is less than a cent is not rounded to nothing. */
export function dollars(microDollars: number): string {
  const amount = microDollars / micro
  if (amount > 0 && amount < 0.01) return 'under $0.01'
  return amount.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
}

/** `1,234` */
export function counted(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 run`, `2 runs` */
export function several(count: number, one: string, more = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : more}`
}

/** `67 %`, or a dash where there is nothing to have a share of. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`
}

/** How runs end, in the order in which they are drawn. */
export const endings = ['ok', 'abstained', 'blocked', 'failed'] as const
type Ending = (typeof endings)[number]

export const endingWords: Record<Ending, string> = {
  ok: 'Answered',
  abstained: 'Could not say',
  blocked: 'Not allowed',
  failed: 'Failed',
}

export type EndingCounts = Record<Ending, number>

/** The endings of some runs, added up. */
export function endingsOf(runs: readonly AiRuns[]): EndingCounts {
  const sum: EndingCounts = { ok: 0, abstained: 0, blocked: 0, failed: 0 }
  for (const line of runs) for (const ending of endings) sum[ending] += line.endings[ending] ?? 0
  return sum
}

/** The sum of a number over lines. */
export function sumOf<T>(lines: readonly T[], number: (line: T) => number): number {
  return lines.reduce((sum, line) => sum + number(line), 0)
}

const days = 31
const dayMs = 86_400_000

/** Every day of the month that ends today, the oldest first, also those without runs. */
export function monthOf(today: string): string[] {
  const end = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: days }, (_, at) =>
    new Date(end - (days - 1 - at) * dayMs).toISOString().slice(0, 10),
  )
}

/** A model and a task with what they used in a month. */
interface UsedSum {
  model: string
  task: string
  calls: number
  tokensIn: number
  tokensOut: number
  cost: number
}

/** Model calls added up over days, the dearest first. */
export function usedByTask(used: readonly AiUsed[]): UsedSum[] {
  const sums = new Map<string, UsedSum>()
  for (const line of used) {
    const key = `${line.model} ${line.task}`
    const before = sums.get(key) ?? {
      model: line.model,
      task: line.task,
      calls: 0,
      tokensIn: 0,
      tokensOut: 0,
      cost: 0,
    }
    sums.set(key, {
      ...before,
      calls: before.calls + line.calls,
      tokensIn: before.tokensIn + line.tokens_in,
      tokensOut: before.tokensOut + line.tokens_out + line.tokens_thinking,
      cost: before.cost + line.cost,
    })
  }
  return [...sums.values()].sort((a, b) => b.cost - a.cost || b.calls - a.calls)
}

/** Every task that the page has seen a sign of, by name. */
export function tasksSeen(view: AiOversight): string[] {
  const names = [
    ...view.engines.flatMap((engine) => engine.tasks),
    ...view.runs.map((line) => line.task),
    ...view.switches.flatMap((line) => (line.task === null ? [] : [line.task])),
  ]
  return [...new Set(names)].sort((a, b) => a.localeCompare(b))
}

/** A limit of a model with what is used of it. */
export interface Quota {
  words: string
  used: number
  limit: number | null
}

/** The limits of a model in the order in which they run out. */
export function quotasOf(model: AiModel): Quota[] {
  return [
    { words: 'Requests this minute', used: model.used_minute, limit: model.requests_minute },
    { words: 'Requests today', used: model.used_today, limit: model.requests_day },
  ]
}

export const endingTones = {
  ok: 'good',
  abstained: 'rest',
  blocked: 'warn',
  failed: 'bad',
} as const
