import { useMutation } from '@tanstack/react-query'
import { api, client } from '../../api/client'
import { asFailure, FailedAnswer } from '../../api/errors'
import type { OnlineHold, OnlineVisit, OnlineVisitBody } from '../../api/shapes'
import type { Language } from './booking-words'

/** What can be booked without an account. */
export function useOnline(language: Language) {
  return api.useQuery('get', '/api/public/booking', { params: { query: { language } } })
}

interface OpeningsAsked {
  type: string
  language: Language
  after: string | undefined
  visitor: string | undefined
}

/** Open times of a kind, the visitor's own among them. */
export function useOnlineOpenings({ type, language, after, visitor }: OpeningsAsked) {
  return api.useQuery(
    'get',
    '/api/public/booking/openings',
    {
      params: {
        query: { type, language, ...(after === undefined ? {} : { after }) },
        header: visitor === undefined ? {} : { 'x-careflow-visitor': visitor },
      },
    },
    { staleTime: 0, gcTime: 0 },
  )
}

interface HoldAsked {
  type: string
  place: string
  practitioner: string
  start: string
}

function withVisitor(visitor: string | undefined) {
  return { header: visitor === undefined ? {} : { 'x-careflow-visitor': visitor } }
}

/** Keep a time, instead of the one that is kept. */
export async function holdTime(asked: HoldAsked, visitor: string | undefined): Promise<OnlineHold> {
  const call = (secret: string | undefined) =>
    client.POST('/api/public/booking/hold', { body: asked, params: withVisitor(secret) })
  try {
    return answered(await call(visitor))
  } catch (error) {
    // Who was away too long begins anew.
    if (visitor !== undefined && asFailure(error).code === 'scheduling-visitor-over')
      return answered(await call(undefined))
    throw error
  }
}

/** Keep it for longer. */
export async function renewHold(visitor: string): Promise<OnlineHold> {
  return answered(
    await client.POST('/api/public/booking/hold/renew', { params: withVisitor(visitor) }),
  )
}

/** Give it back, also while the page goes away. */
export function releaseHold(visitor: string): void {
  void fetch('/api/public/booking/hold/release', {
    method: 'POST',
    headers: { 'x-careflow-visitor': visitor },
    keepalive: true,
  }).catch(() => undefined)
}

/** Have a code sent; a synthetic clinic without mail shows it. */
export function useSendCode(visitor: string | undefined, language: Language) {
  return useMutation({
    mutationFn: async (email: string) =>
      answered(
        await client.POST('/api/public/booking/code', {
          body: { email, language },
          params: withVisitor(visitor),
        }),
      ).shown,
  })
}

const pauses = [400, 1000, 2000, 4000, 8000]

/** Whether the answer may have been lost on its way, so that the same must be asked again. */
function isLost(error: unknown): boolean {
  const failure = asFailure(error)
  return failure.code === 'offline' || failure.code === 'app-idempotency-in-progress'
}

/** Book the kept time. A lost answer is asked for again under the same key, so it is booked once. */
export async function bookOnce(
  body: OnlineVisitBody,
  how: { visitor: string; key: string; onLost: () => void },
): Promise<OnlineVisit> {
  for (const pause of [...pauses, null]) {
    try {
      return answered(
        await client.POST('/api/public/booking/visit', {
          body,
          params: {
            header: { 'Idempotency-Key': how.key, 'x-careflow-visitor': how.visitor },
          },
        }),
      )
    } catch (error) {
      if (pause === null || !isLost(error)) throw error
      how.onLost()
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  throw new FailedAnswer(0, 'unknown', '')
}

function answered<T>({ data }: { data?: T }): T {
  if (data === undefined) throw new FailedAnswer(0, 'unknown', 'The platform could not answer.')
  return data
}
