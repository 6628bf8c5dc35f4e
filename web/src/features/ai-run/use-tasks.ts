import { useMutation } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { AiAnswer } from '../../api/shapes'

/** Every task, and which engine can run it now. */
export function useTasks() {
  return api.useQuery('get', '/api/ai/tasks', {}, { staleTime: 60_000 })
}

/** What is asked of a task. */
interface Asked {
  task: string
  input: Record<string, unknown>
  /** The text in which the answer's places count. */
  text: string
  /** Whom it is about. */
  patient: string | undefined
  /** Given up when the person stops waiting. */
  signal: AbortSignal
}

/** Run a task. An answer that no engine may or can give is an answer, not an error. */
export function useRun() {
  return useMutation({
    mutationFn: async ({ task, input, signal }: Asked): Promise<AiAnswer> => {
      const { data } = await client.POST('/api/ai/tasks/{task}', {
        params: { path: { task } },
        body: input,
        signal,
      })
      // It was not asked to come later, so the answer is the answer itself and no job.
      if (data === undefined || 'job' in data) throw new TypeError('An answer without a body.')
      return data
    },
    retry: false,
  })
}
