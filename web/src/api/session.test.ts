import { afterEach, describe, expect, it } from 'vitest'
import { fakeNetwork } from '../testing/answers'
import { client } from './client'
import { FailedAnswer } from './errors'

afterEach(() => {
  document.cookie = 'careflow_csrf=; expires=Thu, 01 Jan 1970 00:00:00 GMT'
})

describe('a call within the session', () => {
  it('carries the CSRF token on unsafe methods alone', async () => {
    document.cookie = 'careflow_csrf=abc'
    const { asked } = fakeNetwork({
      'GET /api/patients': { body: { patients: [] } },
      'POST /api/documents/d1/match': { body: {} },
    })

    await client.GET('/api/patients')
    await client.POST('/api/documents/{document_id}/match', {
      params: { path: { document_id: 'd1' } },
      body: { patient_id: 'p1' },
    })

    expect(asked[0]?.headers.get('X-CSRF-Token')).toBeNull()
    expect(asked[1]?.headers.get('X-CSRF-Token')).toBe('abc')
  })

  it('renews access once and asks again', async () => {
    document.cookie = 'careflow_csrf=abc'
    const { asked } = fakeNetwork({
      'GET /api/patients': { status: 401, body: { code: 'identity-token-expired', detail: 'No.' } },
      'POST /api/auth/refresh': { body: {} },
    })

    await expect(client.GET('/api/patients')).rejects.toBeInstanceOf(FailedAnswer)

    expect(asked.map(({ call }) => call)).toEqual([
      'GET /api/patients',
      'POST /api/auth/refresh',
      'GET /api/patients',
    ])
  })

  it('asks nothing more where there is no session to renew', async () => {
    const { asked } = fakeNetwork({
      'GET /api/patients': { status: 401, body: { code: 'identity-no-token', detail: 'No.' } },
    })

    await expect(client.GET('/api/patients')).rejects.toMatchObject({ status: 401 })

    expect(asked).toHaveLength(1)
  })

  it('throws the platform’s code and sentence', async () => {
    fakeNetwork({
      'GET /api/patients': { status: 403, body: { code: 'identity-denied', detail: 'Not yours.' } },
    })

    await expect(client.GET('/api/patients')).rejects.toMatchObject({
      status: 403,
      code: 'identity-denied',
      message: 'Not yours.',
    })
  })
})
