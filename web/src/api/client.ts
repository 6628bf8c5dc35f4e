import createFetchClient, { type Middleware } from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import { failureOf } from './errors'
import type { paths } from './schema'
import { sessionFetch } from './session'

const refusalsAreThrown: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await failureOf(response)
    return undefined
  },
}

/** Calls typed by the platform's schema; anything but a success throws `FailedAnswer`. */
export const client = createFetchClient<paths>({ baseUrl: '/', fetch: sessionFetch })
client.use(refusalsAreThrown)

/** The same calls as queries and mutations. */
export const api = createQueryClient(client)
