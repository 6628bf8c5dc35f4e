import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { DraftOpinion, TaskDraft } from '../../api/shapes'

/** The drafts that wait for a person, and those that are closed. */
export function useDrafts() {
  return api.useQuery('get', '/api/ai/task-drafts', {}, { refetchInterval: 60_000 })
}

/** How many drafts wait; only a number is asked for, so nobody's record is read. */
export function useDraftsWaiting(enabled: boolean): number {
  const asked = api.useQuery(
    'get',
    '/api/ai/task-drafts/waiting',
    {},
    { enabled, refetchInterval: 60_000 },
  )
  return asked.data?.waiting ?? 0
}

/** One thing a reviewer does: changes the output, settles one finding, or signs one part off. */
type Change = { output: Record<string, unknown> } | { settled: number } | { part: string }

/** A draft and what can be done with it. Each act names the version that was on screen. */
export function useTaskDraft(draftId: string) {
  const cache = useQueryClient()
  const params = { path: { draft_id: draftId } }
  const options = api.queryOptions('get', '/api/ai/task-drafts/{draft_id}', { params })
  // What is under review is not exchanged under the reviewer's eyes.
  const query = api.useQuery(
    'get',
    '/api/ai/task-drafts/{draft_id}',
    { params },
    { staleTime: Infinity, refetchOnMount: 'always' },
  )
  const show = (draft: TaskDraft | undefined): void => {
    if (draft !== undefined) cache.setQueryData(options.queryKey, draft)
  }
  const version = query.data?.version ?? 0
  const refreshLists = () =>
    cache.invalidateQueries({
      queryKey: ['get'],
      predicate: ({ queryKey }) => queryKey[1] !== '/api/ai/task-drafts/{draft_id}',
    })

  const change = useMutation({
    mutationFn: async (done: Change) => {
      const { data } = await client.POST('/api/ai/task-drafts/{draft_id}/edit', {
        params,
        body: { version, ...done },
      })
      return data
    },
    onSuccess: show,
  })
  const sign = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST('/api/ai/task-drafts/{draft_id}/accept', {
        params,
        body: { version },
      })
      return data
    },
    onSuccess: (draft) => {
      show(draft)
      return refreshLists()
    },
  })
  const reject = useMutation({
    mutationFn: async (reason: string) => {
      const { data } = await client.POST('/api/ai/task-drafts/{draft_id}/reject', {
        params,
        body: { version, reason },
      })
      return data
    },
    onSuccess: (draft) => {
      show(draft)
      return refreshLists()
    },
  })
  return { query, change, sign, reject }
}

/** The words of a signed draft; there are none to take of any other. */
export function useSignedWords(draftId: string, enabled: boolean): string | undefined {
  const asked = api.useQuery(
    'get',
    '/api/ai/task-drafts/{draft_id}/signed',
    { params: { path: { draft_id: draftId } } },
    { enabled, staleTime: Infinity },
  )
  return asked.data?.text
}

/** Say what one thinks of a draft; those who answer for AI read it. */
export function useOpinion(draftId: string) {
  return useMutation({
    mutationFn: ({ kind, text }: { kind: DraftOpinion; text: string | null }) =>
      client.POST('/api/ai/drafts/{draft_id}/reports', {
        params: { path: { draft_id: draftId } },
        body: { kind, text },
      }),
  })
}
