import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { askPortal } from '../../api/ask-portal'
import { api, client } from '../../api/client'
import { asFailure } from '../../api/errors'
import { notBegun, type RunProgress } from '../../api/run-task'
import { changed, turnsWith, type Exchange } from './conversation'

const key = ['conversation']

/** The conversation of this session: kept in memory while one looks elsewhere, gone with sign-out. */
export function useConversation() {
  const cache = useQueryClient()
  const [progress, setProgress] = useState<RunProgress>(notBegun)
  const { data: exchanges = [] } = useQuery<Exchange[]>({
    queryKey: key,
    queryFn: () => [],
    staleTime: Infinity,
    gcTime: Infinity,
  })
  const set = (change: (before: Exchange[]) => Exchange[]): void => {
    cache.setQueryData<Exchange[]>(key, (before) => change(before ?? []))
  }
  const asking = useMutation({
    mutationFn: async ({ question, signal }: { question: string; signal: AbortSignal }) => {
      const before = cache.getQueryData<Exchange[]>(key) ?? []
      const id = (before.at(-1)?.id ?? 0) + 1
      setProgress(notBegun)
      set((all) => [...all, { id, question, urgent: null, outcome: null }])
      try {
        const answer = await askPortal(
          {
            path: '/api/portal/assistant',
            body: { messages: turnsWith(before, question) },
            signal,
          },
          setProgress,
          (urgent) => {
            set((all) => changed(all, id, { urgent }))
          },
        )
        set((all) => changed(all, id, { outcome: { answer } }))
      } catch (error) {
        const failure = signal.aborted ? 'You stopped it.' : asFailure(error).message
        set((all) => changed(all, id, { outcome: { failure } }))
      }
    },
    retry: false,
  })
  const clear = (): void => {
    set(() => [])
  }
  return { exchanges, ask: asking.mutate, isAsking: asking.isPending, progress, clear }
}

/** What one sent the clinic, and its answers. */
export function useOwnMessages() {
  return api.useQuery('get', '/api/portal/messages', {}, { refetchInterval: 60_000 })
}

/** Send the clinic a message. */
export function useSendMessage() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (text: string) => {
      const { data } = await client.POST('/api/portal/messages', { body: { text } })
      return data
    },
    onSuccess: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === '/api/portal/messages',
      }),
  })
}

/** An entry of one's own record that an answer cites. */
export function useEntry(kind: string, id: string) {
  return api.useQuery('get', '/api/portal/entries/{kind}/{entry_id}', {
    params: { path: { kind, entry_id: id } },
  })
}
