import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, client } from '../../api/client'

/** One document of the inbox; asked for again and again while it is being read. */
export function useDocument(documentId: string) {
  return api.useQuery(
    'get',
    '/api/documents/{document_id}',
    { params: { path: { document_id: documentId } } },
    { refetchInterval: (query) => (query.state.data?.status === 'reading' ? 1000 : false) },
  )
}

/** Whom the document may be about. */
export function useCandidates(documentId: string) {
  return api.useQuery('get', '/api/documents/{document_id}/candidates', {
    params: { path: { document_id: documentId } },
  })
}

/** Say whose document it is, or that it does not belong here. */
export function useDocumentDecisions(documentId: string) {
  const cache = useQueryClient()
  const params = { path: { document_id: documentId } }
  const onSuccess = () => cache.invalidateQueries({ queryKey: ['get'] })
  const match = useMutation({
    mutationFn: (patientId: string) =>
      client.POST('/api/documents/{document_id}/match', {
        params,
        body: { patient_id: patientId },
      }),
    onSuccess,
  })
  const discard = useMutation({
    mutationFn: (reason: string) =>
      client.POST('/api/documents/{document_id}/discard', { params, body: { reason } }),
    onSuccess,
  })
  return { match, discard }
}
