import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeNetwork } from '../../testing/answers'
import { aClinic } from '../../testing/builders'
import { show } from '../../testing/show'
import { SignInScreen } from './sign-in-screen'

const nurse = { role: 'nurse', name: 'Nia Patel', email: 'nia@harbour.example', password: 'secret' }

afterEach(() => {
  document.cookie = 'careflow_csrf=; expires=Thu, 01 Jan 1970 00:00:00 GMT'
})

function open(answers: Parameters<typeof fakeNetwork>[0]) {
  const network = fakeNetwork({
    'GET /api/auth/me': { body: { id: 'a', role: 'nurse' } },
    ...answers,
  })
  const onSignedIn = vi.fn()
  const clinic = aClinic({ demo_accounts: [nurse] })
  show(<SignInScreen clinic={clinic} onSignedIn={onSignedIn} returning={false} />)
  return { ...network, onSignedIn }
}

describe('signing in', () => {
  it('takes one press and one click in a synthetic clinic', async () => {
    const { asked, onSignedIn } = open({ 'POST /api/auth/login': { body: {} } })

    await userEvent.click(screen.getByRole('button', { name: /Nurse/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))

    await waitFor(() => {
      expect(onSignedIn).toHaveBeenCalledOnce()
    })
    expect(asked[0]?.body).toEqual({ email: nurse.email, password: nurse.password })
    expect(asked[0]?.headers.get('X-CareFlow-Session')).toBe('cookie')
  })

  it('asks for the code where the account has a second factor', async () => {
    const { asked, answers } = open({
      'POST /api/auth/login': { body: { mfa_required: true, challenge: 'c1' } },
    })

    await userEvent.click(screen.getByRole('button', { name: /Nurse/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await userEvent.type(await screen.findByLabelText('Code from your authenticator'), '123456')
    answers['POST /api/auth/login'] = { body: {} }
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))

    await waitFor(() => {
      expect(asked.filter(({ call }) => call === 'POST /api/auth/login').at(-1)?.body).toEqual({
        challenge: 'c1',
        code: '123456',
      })
    })
  })

  it('says why it was refused, in the platform’s words', async () => {
    open({
      'POST /api/auth/login': {
        status: 401,
        body: { code: 'identity-wrong', detail: 'The e-mail or the password is not right.' },
      },
    })

    await userEvent.click(screen.getByRole('button', { name: /Nurse/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))

    expect(await screen.findByRole('alert')).toHaveTextContent('is not right')
  })
})
