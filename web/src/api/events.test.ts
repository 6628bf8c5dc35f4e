import { describe, expect, it } from 'vitest'
import { eventsOf, type ServerEvent } from './events'

function streamed(...pieces: string[]): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })
  return new Response(body)
}

async function all(response: Response): Promise<ServerEvent[]> {
  const found: ServerEvent[] = []
  for await (const event of eventsOf(response)) found.push(event)
  return found
}

describe('server-sent events', () => {
  it('come whole, however the stream is cut', async () => {
    const found = await all(
      streamed('event: step\nda', 'ta: {"step":"asking"}\n', '\nevent: writing\ndata: 4\n\n'),
    )
    expect(found).toEqual([
      { name: 'step', data: { step: 'asking' } },
      { name: 'writing', data: 4 },
    ])
  })

  it('leave out what only keeps the connection', async () => {
    expect(await all(streamed(': still here\n\n'))).toEqual([])
  })

  it('leave out what was cut off half way', async () => {
    expect(await all(streamed('event: answer\ndata: {"status":"ok"}\n'))).toEqual([])
  })
})
