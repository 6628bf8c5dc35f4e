import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api/client'

/** A time that somebody is about to have. */
export interface Wish {
  type: string
  place: string
  practitioner: string
  start: string
  /** Why it is put beside others, where the time is taken. */
  squeeze?: string
}

const renewEveryMs = 120_000

/** Keep a time while the form is filled: renewed as long as the panel is open, then given back. */
export function useHold() {
  const held = useRef<string | undefined>(undefined)
  const [until, setUntil] = useState<string | undefined>()
  const release = (): void => {
    const id = held.current
    held.current = undefined
    setUntil(undefined)
    if (id !== undefined)
      void client
        .DELETE('/api/visits/holds/{hold_id}', { params: { path: { hold_id: id } } })
        .catch(() => undefined)
  }
  const take = useMutation({
    mutationFn: async ({ type, place, practitioner, start }: Wish) => {
      const { data } = await client.POST('/api/visits/holds', {
        body: { type, place, practitioner, start },
      })
      return data
    },
    onMutate: release,
    onSuccess: (hold) => {
      held.current = hold?.id
      setUntil(hold?.until)
    },
  })
  useEffect(() => {
    const timer = setInterval(() => {
      if (held.current === undefined) return
      void client
        .POST('/api/visits/holds/{hold_id}/renew', { params: { path: { hold_id: held.current } } })
        .then(({ data }) => {
          setUntil(data?.until)
        })
        .catch(() => {
          held.current = undefined
          setUntil(undefined)
        })
    }, renewEveryMs)
    return () => {
      clearInterval(timer)
      release()
    }
  }, [])
  return {
    take,
    release,
    until,
    /** The hold's id, once: whoever books takes it over. */
    current: () => held.current,
    taken: () => {
      held.current = undefined
    },
  }
}

interface Asked extends Wish {
  patient: string
  hold?: string | undefined
  despite?: string | undefined
  comment?: string | undefined
}

/** Book a visit; the key is the attempt's own, so that sending it again books once. */
export function useBook() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ key, ...asked }: Asked & { key: string }) => {
      const { data } = await client.POST('/api/visits', {
        params: { header: { 'Idempotency-Key': key } },
        body: {
          type: asked.type,
          place: asked.place,
          practitioner: asked.practitioner,
          start: asked.start,
          patient: asked.patient,
          request: false,
          hold: asked.hold ?? null,
          squeeze: asked.squeeze ?? null,
          despite: asked.despite ?? null,
          comment: asked.comment ?? null,
        },
      })
      return data
    },
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ['get', '/api/day'] }),
        cache.invalidateQueries({ queryKey: ['get', '/api/visits/openings'] }),
      ]),
  })
}
