import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeNetwork } from '../../testing/answers'
import { aDocument, aDraft, aRow } from '../../testing/builders'
import { show } from '../../testing/show'
import { ReviewScreen } from './review-screen'

const glucose = aRow({
  index: 1,
  test: 'Glucose',
  must_check: true,
  problem: 'The reading is unsure.',
})
const draft = aDraft({ rows: [aRow({ status: 'checked' }), glucose], must_check: 1 })

function open(maySign: boolean, answers: Parameters<typeof fakeNetwork>[0] = {}) {
  const network = fakeNetwork({ 'GET /api/ai/drafts/dr1': { body: draft }, ...answers })
  show(<ReviewScreen draftId="dr1" document={aDocument()} maySign={maySign} head={null} />)
  return network
}

const checkedDraft = {
  ...draft,
  version: 2,
  must_check: 0,
  rows: draft.rows.map((row) => ({ ...row, status: 'checked' as const, must_check: false })),
}

describe('the review of a draft', () => {
  it('says that it is an AI draft and how much is left', async () => {
    open(true)

    expect(await screen.findByText('AI draft · not signed')).toBeVisible()
    expect(screen.getByText('1 of 2 to check')).toBeVisible()
    expect(screen.getByText(/The reading is unsure/)).toBeVisible()
  })

  it('cannot be signed before every such row is checked', async () => {
    open(true)

    expect(await screen.findByRole('button', { name: 'Sign report' })).toBeDisabled()
  })

  it('stores a check by itself and then lets a clinician sign', async () => {
    const network = open(true, { 'POST /api/ai/drafts/dr1/edit': { body: checkedDraft } })

    await userEvent.click(await screen.findByRole('button', { name: 'Glucose checked' }))

    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Sign report' })).toBeEnabled()
    })
    expect(network.asked.find(({ call }) => call.endsWith('/edit'))?.body).toEqual({
      version: 1,
      rows: [{ index: 1, status: 'checked' }],
    })
  })

  it('tells a nurse that it is ready for a clinician, and offers no signing', async () => {
    open(false, { 'GET /api/ai/drafts/dr1': { body: checkedDraft } })

    expect(await screen.findByText('Ready for a clinician to sign')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Sign report' })).not.toBeInTheDocument()
  })

  it('sends only what was corrected', async () => {
    const network = open(true, { 'POST /api/ai/drafts/dr1/edit': { body: checkedDraft } })

    await userEvent.click(await screen.findByRole('button', { name: 'Edit Glucose' }))
    const form = screen.getByRole('form', { name: 'Edit Glucose' })
    await userEvent.clear(within(form).getByLabelText('Value'))
    await userEvent.type(within(form).getByLabelText('Value'), '96')
    await userEvent.click(within(form).getByRole('button', { name: 'Keep correction' }))

    await waitFor(() => {
      expect(network.asked.find(({ call }) => call.endsWith('/edit'))?.body).toEqual({
        version: 1,
        rows: [{ index: 1, status: 'corrected', value: '96' }],
      })
    })
  })

  it('shows a conflict when someone else changed the draft, and keeps the change', async () => {
    open(true, {
      'POST /api/ai/drafts/dr1/edit': {
        status: 409,
        body: { code: 'ai-draft-changed', detail: 'Changed meanwhile.' },
      },
    })

    await userEvent.click(await screen.findByRole('button', { name: 'Glucose checked' }))

    expect(await screen.findByText(/Someone else changed this draft/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Glucose checked' })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
  })

  it('is worked with the keyboard alone', async () => {
    open(true, { 'POST /api/ai/drafts/dr1/edit': { body: checkedDraft } })
    const row = (await screen.findByRole('rowheader', { name: /Glucose/ })).closest('tr')
    row?.focus()

    await userEvent.keyboard('{Enter}')

    expect(screen.getByRole('button', { name: 'Glucose checked' })).toHaveAttribute(
      'aria-pressed',
      'true',
    )
  })

  it('signs with a word for the patient', async () => {
    const network = open(true, {
      'GET /api/ai/drafts/dr1': { body: checkedDraft },
      'POST /api/ai/drafts/dr1/accept': {
        body: { report_id: 'r', observation_ids: [], patient_id: 'p1' },
      },
    })

    await userEvent.click(await screen.findByRole('button', { name: 'Sign report' }))
    await userEvent.type(await screen.findByLabelText('A word for the patient'), 'All is well.')
    await userEvent.click(screen.getByRole('button', { name: 'Sign and file' }))

    await waitFor(() => {
      expect(network.asked.find(({ call }) => call.endsWith('/accept'))?.body).toEqual({
        version: 2,
        comment: 'All is well.',
        identity_reason: null,
      })
    })
  })
})
