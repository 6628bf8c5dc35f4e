import type { RunProgress } from './run-task'
import { answerIn } from './run-task'
import { sessionFetch } from './session'
import type { AiAnswer, Urgent } from './shapes'

interface Asked {
  path: '/api/portal/assistant' | '/api/portal/explanations'
  body: Record<string, unknown>
  signal: AbortSignal
}

/**
 * Ask for a patient. What rules found is told before anything else, also where no engine answers;
 * of the answer itself nothing is told before it is whole.
 */
export async function askPortal(
  { path, body, signal }: Asked,
  onProgress: (progress: RunProgress) => void,
  onUrgent: (urgent: Urgent) => void,
): Promise<AiAnswer> {
  const response = await sessionFetch(
    new Request(new URL(path, location.href), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Accept: 'text/event-stream', 'Content-Type': 'application/json' },
      signal,
    }),
  )
  return answerIn(response, onProgress, (name, data) => {
    if (name === 'urgent') onUrgent(data as Urgent)
  })
}
