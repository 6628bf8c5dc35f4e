import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AiOversight } from '../../api/shapes'
import { fakeNetwork } from '../../testing/answers'
import { aClinic } from '../../testing/builders'
import { show } from '../../testing/show'
import { OversightScreen } from './oversight-screen'

function aView(changes: Partial<AiOversight> = {}): AiOversight {
  return {
    engines: [
      { name: 'local', route: 'local', leaves_machine: false, tasks: ['lab-results'] },
      { name: 'gemini', route: 'gemini:vertex', leaves_machine: true, tasks: ['medical-coding'] },
    ],
    models: [],
    budgets: [],
    switches: [],
    runs: [],
    used: [],
    reviewed: [],
    reports: [],
    ...changes,
  }
}

function open(view: AiOversight) {
  const network = fakeNetwork({
    'GET /api/clinic': { body: aClinic() },
    'GET /api/ai/oversight': { body: view },
    'POST /api/ai/oversight/switches': { body: {} },
  })
  show(<OversightScreen />)
  return network
}

describe('how AI stands', () => {
  it('says in words where nothing happened yet', async () => {
    open(aView())

    expect(await screen.findByText('Nothing was asked of AI in the last 31 days.')).toBeVisible()
    expect(screen.getByText('Nobody has turned anything off.')).toBeVisible()
    expect(screen.getByText('No draft has been written yet.')).toBeVisible()
    expect(screen.getByText('Stays on this machine')).toBeVisible()
    expect(screen.getByText('Data leaves this machine')).toBeVisible()
  })

  it('shows money in dollars, quotas by what is left, and until when a model is left alone', async () => {
    open(
      aView({
        budgets: [
          { name: 'the clinic', spent: 17_300_000, limit: 20_000_000, is_nearly_spent: true },
        ],
        models: [
          {
            model: 'a-model',
            requests_minute: 15,
            tokens_minute: null,
            requests_day: 1000,
            used_minute: 6,
            waiting: 0,
            used_today: 914,
            renewed_at: '2026-11-25T08:00:00Z',
            open_until: '2026-11-24T15:42:00Z',
          },
        ],
      }),
    )

    const budgets = await screen.findByRole('region', { name: 'Budgets this month' })
    expect(budgets).toHaveTextContent('$17.30 of $20.00')
    expect(budgets).toHaveTextContent('Nearly used up')
    const models = screen.getByRole('region', { name: 'Models and quotas' })
    expect(models).toHaveTextContent('914 of 1,000 · 86 left')
    expect(models).toHaveTextContent('Left alone until 10:42 after several failures in a row')
  })

  it('turns an engine off only with a reason', async () => {
    const { asked } = open(aView())

    await userEvent.click(await screen.findByRole('button', { name: 'Turn off: gemini' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByRole('button', { name: 'Turn off' })).toBeDisabled()
    await userEvent.type(dialog.getByLabelText('Reason'), 'The agreement ended')
    await userEvent.click(dialog.getByRole('button', { name: 'Turn off' }))

    await waitFor(() => {
      expect(asked.find(({ call }) => call.startsWith('POST'))?.body).toEqual({
        task: null,
        engine: 'gemini',
        is_off: true,
        reason: 'The agreement ended',
      })
    })
  })
})
