import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client'
import { FailedAnswer } from '../../api/errors'
import type { LinkOpening, LinkSeen } from '../../api/shapes'

type LinkAct =
  | { act: 'confirm' | 'cancel' | 'late' | 'stop' | 'accept' | 'decline' }
  | { act: 'move'; opening: LinkOpening }

/** What a link shows; looking changes nothing. */
export function useLink(link: string) {
  return useQuery({
    queryKey: ['link', link],
    queryFn: async () => answered(await client.POST('/api/links/look', { body: { link } })),
    retry: false,
  })
}

/** Times that the visit could move to. */
export function useLinkOpenings(link: string, after: string | undefined) {
  return useQuery({
    queryKey: ['link-openings', link, after],
    queryFn: async () =>
      answered(
        await client.POST('/api/links/openings', {
          body: { link, count: 12, ...(after === undefined ? {} : { after }) },
        }),
      ).openings,
    gcTime: 0,
    retry: false,
  })
}

/** Do the one thing that the link is for. */
export function useLinkAct(link: string, onDone: (seen: LinkSeen) => void) {
  return useMutation({
    mutationFn: async (what: LinkAct): Promise<LinkSeen> => {
      switch (what.act) {
        case 'move': {
          const { start, practitioner_id: practitioner } = what.opening
          return answered(
            await client.POST('/api/links/move', { body: { link, start, practitioner } }),
          )
        }
        case 'accept':
        case 'decline':
          return answered(
            await client.POST('/api/links/offer', {
              body: { link, accept: what.act === 'accept' },
            }),
          )
        case 'confirm':
          return answered(await client.POST('/api/links/confirm', { body: { link } }))
        case 'cancel':
          return answered(await client.POST('/api/links/cancel', { body: { link } }))
        case 'late':
          return answered(await client.POST('/api/links/late', { body: { link } }))
        case 'stop':
          return answered(await client.POST('/api/links/stop', { body: { link } }))
      }
    },
    onSuccess: onDone,
  })
}

function answered<T>({ data }: { data?: T }): T {
  if (data === undefined) throw new FailedAnswer(0, 'unknown', 'The platform could not answer.')
  return data
}
