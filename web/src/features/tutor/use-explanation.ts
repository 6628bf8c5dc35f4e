import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { askPortal } from '../../api/ask-portal'
import type { AiAnswer, Urgent } from '../../api/shapes'

export type Level = 'plain' | 'detailed'
export type Language = 'en' | 'es'

/** What is to be explained, and how. */
interface Asked {
  term: string
  level: Level
  language: Language
}

/** An explanation, with what rules found in the words that were asked about. */
interface Explanation {
  asked: Asked
  urgent: Urgent | null
  answer: AiAnswer
}

/** Have a word explained; another question puts an end to the one before. */
export function useExplanation() {
  const [urgent, setUrgent] = useState<Urgent | null>(null)
  const asking = useMutation({
    mutationFn: async (asked: Asked): Promise<Explanation> => {
      let found: Urgent | null = null
      setUrgent(null)
      const answer = await askPortal(
        {
          path: '/api/portal/explanations',
          body: { ...asked },
          signal: new AbortController().signal,
        },
        () => undefined,
        (told) => {
          found = told
          setUrgent(told)
        },
      )
      return { asked, urgent: found, answer }
    },
    retry: false,
  })
  return { ...asking, urgent }
}
