/** The cookie session: CSRF header on unsafe methods, one refresh when access runs out. */

const csrfCookie = 'careflow_csrf'
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

function csrfToken(): string | undefined {
  return document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${csrfCookie}=`))
    ?.slice(csrfCookie.length + 1)
}

/** Whether this browser may have a session: the readable cookie stands as long as one does. */
export function mayHaveSession(): boolean {
  return csrfToken() !== undefined
}

/** Headers that mark a request as this browser's own. */
export function csrfHeaders(): Record<string, string> {
  const token = csrfToken()
  return token ? { 'X-CSRF-Token': decodeURIComponent(token) } : {}
}

let refreshing: Promise<boolean> | undefined

/** Ask for a new access cookie; calls made meanwhile share the one request. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= fetch('/api/auth/refresh', {
    method: 'POST',
    headers: {
      ...csrfHeaders(),
      'X-CareFlow-Session': 'cookie',
      'Content-Type': 'application/json',
    },
    body: '{}',
  })
    .then((answer) => answer.ok)
    .catch(() => false)
    .finally(() => {
      refreshing = undefined
    })
  return refreshing
}

function withSessionHeaders(request: Request): Request {
  request.headers.set('X-CareFlow-Session', 'cookie')
  if (safeMethods.has(request.method)) return request
  for (const [name, value] of Object.entries(csrfHeaders())) request.headers.set(name, value)
  return request
}

function mayRefresh(request: Request): boolean {
  const path = new URL(request.url).pathname
  if (!mayHaveSession()) return false
  return !path.startsWith('/api/auth/') || path === '/api/auth/me'
}

/** `fetch` within the session: on 401 the access cookie is renewed and the request sent once more. */
export async function sessionFetch(request: Request): Promise<Response> {
  const again = request.clone()
  const first = await fetch(withSessionHeaders(request))
  if (first.status !== 401 || !mayRefresh(request)) return first
  return (await refreshSession()) ? fetch(withSessionHeaders(again)) : first
}
