import { vi } from 'vitest'

/** What the network answers, by method and path; anything else is a 404. */
type Answers = Record<string, { status?: number; body: unknown } | { events: [string, unknown][] }>

/** One request that was made, as tests look at it. */
interface Asked {
  call: string
  body: unknown
  headers: Headers
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text()
  const isJson = request.headers.get('Content-Type')?.includes('json') ?? false
  return text === '' ? undefined : isJson ? JSON.parse(text) : text
}

function streamOf(events: [string, unknown][]): Response {
  const text = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  return new Response(text.join(''), { headers: { 'Content-Type': 'text/event-stream' } })
}

/** Stand in for the network. Answers may be changed while a test runs; requests are kept. */
export function fakeNetwork(answers: Answers): { answers: Answers; asked: Asked[] } {
  const asked: Asked[] = []
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(
      input instanceof Request ? input : new URL(input, location.href),
      init,
    )
    const call = `${request.method} ${new URL(request.url).pathname}`
    asked.push({ call, body: await bodyOf(request), headers: request.headers })
    const found = answers[call] ?? {
      status: 404,
      body: { code: 'not-found', detail: 'Not found.' },
    }
    if ('events' in found) return streamOf(found.events)
    return new Response(found.body === undefined ? null : JSON.stringify(found.body), {
      status: found.status ?? 200,
      headers: { 'Content-Type': 'application/json' },
    })
  }
  vi.stubGlobal('fetch', vi.fn(answer))
  return { answers, asked }
}
