import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fakeNetwork } from '../../testing/answers'
import { show } from '../../testing/show'
import { inputsOf } from './plan-inputs'
import { PlannerScreen } from './planner-screen'

function opened(answers: Parameters<typeof fakeNetwork>[0], search = {}) {
  const network = fakeNetwork({ 'GET /api/plan/glossary': { body: [] }, ...answers })
  show(<PlannerScreen inputs={inputsOf(search)} onInputs={() => undefined} />)
  return network
}

describe('the planner', () => {
  it('says in one sentence what is wrong with a question, and asks for nothing more', async () => {
    const refusal = { code: 'planner-impossible-workload', detail: 'users cannot be negative: -5.' }
    const { asked } = opened(
      { 'GET /api/plan/decision': { status: 400, body: refusal } },
      { patients: -20 },
    )

    expect(await screen.findByRole('alert')).toHaveTextContent('users cannot be negative: -5.')
    expect(asked.map(({ call }) => call)).not.toContain('GET /api/plan/answer')
  })

  it('shows what was asked and that it is waiting', () => {
    opened({})

    expect(screen.getByRole('status', { name: 'The plan is loading' })).toBeInTheDocument()
    expect(
      screen.getAllByText(/300 people, 10,000 AI calls a month, HIPAA, at most \$100.00/),
    ).not.toHaveLength(0)
    expect(screen.getByRole('textbox', { name: 'Patients' })).toHaveValue('285')
  })
})
