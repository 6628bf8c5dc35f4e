import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { TaskDraft } from '../../api/shapes'
import { fakeNetwork } from '../../testing/answers'
import { aTaskDraft } from '../../testing/builders'
import { show } from '../../testing/show'
import { DraftScreen } from './draft-screen'

const path = '/api/ai/task-drafts/td1'

function open(draft: TaskDraft | { status: number; detail: string }, maySign = true) {
  const network = fakeNetwork({
    [`GET ${path}`]:
      'detail' in draft
        ? { status: draft.status, body: { code: 'some-code', detail: draft.detail } }
        : { body: draft },
    [`POST ${path}/looks`]: { body: { open_s: 0 } },
    [`POST ${path}/edit`]: {
      status: 412,
      body: { code: 'ai-draft-stale', detail: 'Someone changed this draft.' },
    },
  })
  show(<DraftScreen draftId="td1" maySign={maySign} head={() => null} />)
  return network
}

describe('the review of a draft', () => {
  it('lights the words that a sentence rests on', async () => {
    open(aTaskDraft())

    await userEvent.click(await screen.findByRole('button', { name: 'Source 2' }))

    const sources = screen.getByRole('region', { name: 'What it was made from' })
    const marks = [...sources.querySelectorAll('mark')].map((one) => one.textContent)
    expect(marks).toEqual(['no fever'])
    expect(within(sources).getByRole('status')).toHaveTextContent('Source 2 is marked.')
  })

  it('marks a sentence that rests on nothing', async () => {
    open(aTaskDraft())

    const plan = await screen.findByRole('region', { name: 'Plan' })
    expect(plan).toHaveTextContent('no source')
  })

  it('lets no part be signed off while a doubt in it stands', async () => {
    const draft = aTaskDraft()
    const finding = {
      kind: 'negation',
      said: 'No fever',
      place: 'sections.subjective',
      sentence: 'The sources say this the other way round.',
      part: 'sections.subjective',
      is_settled: false,
    }
    const parts = draft.parts.map((part) =>
      part.place === 'sections.subjective' ? { ...part, unsettled: 1 } : part,
    )
    open({ ...draft, findings: [finding], parts })

    expect(await screen.findByRole('button', { name: 'Sign off Subjective' })).toBeDisabled()
    expect(screen.getByRole('button', { name: 'Sign off Plan' })).toBeEnabled()
    expect(screen.getByRole('button', { name: 'Sign draft' })).toBeDisabled()
  })

  it('keeps what was typed when someone else changed the draft meanwhile', async () => {
    open(aTaskDraft())

    await userEvent.click(await screen.findByRole('button', { name: 'Edit Plan' }))
    await userEvent.type(screen.getByLabelText('Plan, in your words'), ' Come back.')
    await userEvent.click(screen.getByRole('button', { name: 'Save the change' }))

    expect(await screen.findByText(/What you typed is still here/)).toBeVisible()
    expect(screen.getByLabelText('Plan, in your words')).toHaveValue('Rest and drink. Come back.')
    expect(screen.getByRole('button', { name: 'Load it as it is now' })).toBeVisible()
  })

  it('tells the platform which part is looked at, and never for how long', async () => {
    const { asked } = open(aTaskDraft())

    await screen.findByRole('region', { name: 'Plan' })
    await waitFor(() => {
      expect(asked.at(-1)).toMatchObject({
        call: `POST ${path}/looks`,
        body: { part: 'sections.subjective' },
      })
    })
  })

  it('does not offer the signature to who may not sign', async () => {
    open(aTaskDraft(), false)

    expect(await screen.findByText(/A clinician signs it/)).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Sign draft' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Turn down' })).toBeNull()
  })

  it.each([
    [403, 'The draft is not open to your role'],
    [404, 'The draft was not found'],
    [500, 'The draft could not be loaded'],
  ])('says so when it gets a %d', async (status, title) => {
    open({ status, detail: 'Because.' })

    expect(await screen.findByText(title, undefined, { timeout: 8000 })).toBeVisible()
  })
})
