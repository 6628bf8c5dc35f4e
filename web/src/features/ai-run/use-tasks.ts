import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import {
  notBegun,
  runTask,
  runTaskLater,
  type DoneLater,
  type RunProgress,
} from '../../api/run-task'
import type { AiAnswer } from '../../api/shapes'

/** Every task, and which engine can run it now. */
export function useTasks() {
  return api.useQuery('get', '/api/ai/tasks', {}, { staleTime: 60_000 })
}

/** What is asked of a task. */
export interface Asked {
  task: string
  input: Record<string, unknown>
  file: File | undefined
  /** The text in which the answer's places count. */
  text: string
  /** Whom it is about. */
  patient: string | undefined
  /** Whether a job does it, so that nobody has to wait. */
  later: boolean
  /** Given up when the person stops waiting. */
  signal: AbortSignal
}

/** What came of it: an answer at once, or the draft that a job left. */
type Outcome = { answer: AiAnswer } | { later: DoneLater }

/** Run a task. An answer that no engine may or can give is an answer, not an error. */
export function useRun() {
  const [progress, setProgress] = useState<RunProgress>(notBegun)
  const mutation = useMutation({
    mutationFn: async (asked: Asked): Promise<Outcome> => {
      setProgress(notBegun)
      return asked.later
        ? { later: await runTaskLater(asked, setProgress) }
        : { answer: await runTask(asked, setProgress) }
    },
    retry: false,
  })
  return { ...mutation, progress }
}
