import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { InboxDocument } from '../../api/shapes'
import { uploadDocument } from '../../api/upload-document'

/** One file on its way in. */
export type Upload = { key: number; filename: string } & (
  | { state: 'sending'; share: number }
  | { state: 'received'; document: InboxDocument }
  | { state: 'refused'; message: string }
)

let lastKey = 0

/** Files being sent to the inbox, one after the other, each with its own outcome. */
export function useUploads() {
  const [uploads, setUploads] = useState<Upload[]>([])
  const cache = useQueryClient()

  const change = (upload: Upload): void => {
    setUploads((all) => all.map((one) => (one.key === upload.key ? upload : one)))
  }

  const sendOne = async (key: number, file: File): Promise<void> => {
    const filename = file.name
    try {
      const document = await uploadDocument(file, (share) => {
        change({ key, filename, state: 'sending', share })
      })
      change({ key, filename, state: 'received', document })
      await cache.invalidateQueries({ queryKey: ['get', '/api/documents'] })
    } catch (error) {
      change({ key, filename, state: 'refused', message: asFailure(error).message })
    }
  }

  const send = async (files: File[]): Promise<void> => {
    const queued = files.map((file) => ({ key: ++lastKey, file }))
    setUploads((all) => [
      ...queued.map(({ key, file }): Upload => {
        return { key, filename: file.name, state: 'sending', share: 0 }
      }),
      ...all,
    ])
    for (const { key, file } of queued) await sendOne(key, file)
  }

  const dismiss = (key: number): void => {
    setUploads((all) => all.filter((one) => one.key !== key))
  }

  return { uploads, send, dismiss }
}
