import { FailedAnswer, failureFrom } from './errors'
import { csrfHeaders, refreshSession } from './session'
import type { InboxDocument } from './shapes'

/** The platform's limit; larger files are refused here without sending a byte. */
const largestUpload = 20 * 1024 * 1024

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function send(file: File, onProgress: (share: number) => void): Promise<XMLHttpRequest> {
  // fetch cannot report how much of a body was sent.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/documents?filename=${encodeURIComponent(file.name)}`)
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      resolve(request)
    }
    request.onerror = () => {
      reject(new FailedAnswer(0, 'offline', 'The connection was lost while sending. Try again.'))
    }
    request.send(file)
  })
}

/** Send one document to the inbox. Throws `FailedAnswer`; nothing is kept when it does. */
export async function uploadDocument(
  file: File,
  onProgress: (share: number) => void,
): Promise<InboxDocument> {
  if (file.size > largestUpload)
    throw new FailedAnswer(413, 'too-large', 'This file is larger than 20 MB.')
  let answer = await send(file, onProgress)
  if (answer.status === 401 && (await refreshSession())) answer = await send(file, onProgress)
  const body = parsed(answer.responseText)
  if (answer.status !== 201) throw failureFrom(answer.status, body)
  return body as InboxDocument
}
