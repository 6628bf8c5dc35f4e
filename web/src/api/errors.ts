/** An answer of the platform that is not a success, or the lack of any answer. */
export class FailedAnswer extends Error {
  /** HTTP status, or 0 when nothing came back. */
  readonly status: number
  /** The platform's stable code, or `offline`. */
  readonly code: string
  /** The visit that is in the way, as `Appointment/ID`, where the platform names one. */
  readonly visit: string | undefined
  /** What is free instead of a time that is taken, the soonest first. */
  readonly instead: readonly FreeInstead[]

  constructor(
    status: number,
    code: string,
    detail: string,
    facts: { visit?: string | undefined; instead?: readonly FreeInstead[] } = {},
  ) {
    super(detail)
    this.name = 'FailedAnswer'
    this.status = status
    this.code = code
    this.visit = facts.visit
    this.instead = facts.instead ?? []
  }
}

/** A time that is free. */
export interface FreeInstead {
  start: string
  practitioner: string
  place: string
}

const unknownFailure = 'The platform could not answer. Try again in a moment.'
const offline = 'No connection to the clinic. Check the network, then try again.'

function textIn(body: unknown, key: string): string | undefined {
  if (typeof body !== 'object' || body === null || !(key in body)) return undefined
  const found: unknown = Reflect.get(body, key)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function insteadIn(body: unknown): FreeInstead[] {
  if (typeof body !== 'object' || body === null || !('instead' in body)) return []
  return Array.isArray(body.instead) ? (body.instead as FreeInstead[]) : []
}

/** Read RFC 9457 problem details out of a response; never throws. */
export async function failureOf(response: Response): Promise<FailedAnswer> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return failureFrom(response.status, body)
}

/** Build the failure from a status and whatever body came with it. */
export function failureFrom(status: number, body: unknown): FailedAnswer {
  const code = textIn(body, 'code') ?? `http-${status}`
  const sentence = textIn(body, 'detail') ?? unknownFailure
  return new FailedAnswer(status, code, sentence, {
    visit: textIn(body, 'visit'),
    instead: insteadIn(body),
  })
}

/** Turn anything thrown on the way into a failure with a sentence to show. */
export function asFailure(error: unknown): FailedAnswer {
  if (error instanceof FailedAnswer) return error
  if (error instanceof TypeError) return new FailedAnswer(0, 'offline', offline)
  return new FailedAnswer(0, 'unknown', unknownFailure)
}
