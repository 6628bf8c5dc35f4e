import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import type { DraftView, RowEdit } from '../../api/shapes'

/** A draft and what can be done with it. Each act names the version that was on screen. */
export function useDraft(draftId: string) {
  const cache = useQueryClient()
  const params = { path: { draft_id: draftId } }
  const options = api.queryOptions('get', '/api/ai/drafts/{draft_id}', { params })
  const query = api.useQuery('get', '/api/ai/drafts/{draft_id}', { params })
  const show = (draft: DraftView | undefined): void => {
    if (draft !== undefined) cache.setQueryData(options.queryKey, draft)
  }
  const refresh = () => cache.invalidateQueries({ queryKey: ['get'] })

  const edit = useMutation({
    mutationFn: async (asked: { version: number; rows: RowEdit[] }) => {
      const { data } = await client.POST('/api/ai/drafts/{draft_id}/edit', { params, body: asked })
      return data
    },
    onSuccess: show,
  })
  const accept = useMutation({
    mutationFn: (asked: {
      version: number
      comment: string | null
      identity_reason: string | null
    }) => client.POST('/api/ai/drafts/{draft_id}/accept', { params, body: asked }),
    onSuccess: refresh,
  })
  const reject = useMutation({
    mutationFn: async (asked: { version: number; reason: string }) => {
      const { data } = await client.POST('/api/ai/drafts/{draft_id}/reject', {
        params,
        body: asked,
      })
      return data
    },
    onSuccess: (draft) => {
      show(draft)
      return refresh()
    },
  })
  return { query, edit, accept, reject }
}
