import { failureOf, FailedAnswer } from './errors'
import { eventsOf } from './events'
import { sessionFetch } from './session'
import type { AiAnswer } from './shapes'

/** What a run is doing. */
export type Step = 'gathering' | 'privacy' | 'asking' | 'writing' | 'checking'

/** How far a run is: what it began, on which engine, and how much was written. */
export interface RunProgress {
  steps: readonly Step[]
  engine: string | null
  characters: number
  /** Of a job: how much of it is done, from 0 to 1. */
  share: number | null
}

export const notBegun: RunProgress = { steps: [], engine: null, characters: 0, share: null }

interface Asked {
  task: string
  input: Record<string, unknown>
  /** Sent instead of the input, and not kept. */
  file?: File | undefined
  signal: AbortSignal
}

type OnProgress = (progress: RunProgress) => void

function withStep(before: RunProgress, step: Step, engine: string | null): RunProgress {
  const at = before.steps.indexOf(step)
  // Another engine begins again: what the first one did is not what is being done.
  const steps = at < 0 ? before.steps : before.steps.slice(0, at)
  return { ...before, steps: [...steps, step], engine: engine ?? before.engine, characters: 0 }
}

function request({ task, input, file, signal }: Asked, headers: Record<string, string>): Request {
  const path = `/api/ai/tasks/${encodeURIComponent(task)}`
  return new Request(new URL(file === undefined ? path : `${path}/file`, location.href), {
    method: 'POST',
    body: file ?? JSON.stringify(input),
    headers: { ...headers, 'Content-Type': file?.type ?? 'application/json' },
    signal,
  })
}

/** Run a task and tell what it is doing; only a whole answer is returned. Hanging up stops it. */
export async function runTask(asked: Asked, onProgress: OnProgress): Promise<AiAnswer> {
  return answerIn(await sessionFetch(request(asked, { Accept: 'text/event-stream' })), onProgress)
}

/** Follow a run to its whole answer; what else it tells by name is handed on. */
export async function answerIn(
  response: Response,
  onProgress: OnProgress,
  onOther: (name: string, data: unknown) => void = () => undefined,
): Promise<AiAnswer> {
  if (!response.ok) throw await failureOf(response)
  let progress = notBegun
  for await (const { name, data } of eventsOf(response)) {
    if (name === 'answer') return data as AiAnswer
    if (name === 'problem') {
      const { status, code, detail } = data as { status: number; code: string; detail: string }
      throw new FailedAnswer(status, code, detail)
    }
    if (name === 'step') {
      const { step, engine } = data as { step: Step; engine: string | null }
      progress = withStep(progress, step, engine)
    }
    if (name === 'writing')
      progress = { ...progress, characters: (data as { characters: number }).characters }
    onOther(name, data)
    onProgress(progress)
  }
  throw new FailedAnswer(0, 'offline', 'The connection was lost before the answer was whole.')
}

/** How a task that was done by a job ended. */
export interface DoneLater {
  status: string
  draft: string | null
}

interface JobState {
  state: string
  progress: number
  result: { status?: string; draft?: string }
  error: string | null
}

/** Have a job run a task, and tell how far it is; the job goes on if nobody looks any more. */
export async function runTaskLater(asked: Asked, onProgress: OnProgress): Promise<DoneLater> {
  const queued = await sessionFetch(request(asked, { Prefer: 'respond-async' }))
  if (!queued.ok) throw await failureOf(queued)
  const { job } = (await queued.json()) as { job: string }
  const events = new URL(`/api/jobs/${encodeURIComponent(job)}/events`, location.href)
  const followed = await sessionFetch(new Request(events, { signal: asked.signal }))
  if (!followed.ok) throw await failureOf(followed)
  for await (const { data } of eventsOf(followed)) {
    const { state, progress, result, error } = data as JobState
    onProgress({ ...notBegun, share: progress })
    if (state === 'done') return { status: result.status ?? 'ok', draft: result.draft ?? null }
    if (state === 'failed')
      throw new FailedAnswer(0, error ?? 'failed', 'The work failed several times.')
  }
  throw new FailedAnswer(0, 'offline', 'The connection was lost; the work goes on without it.')
}
