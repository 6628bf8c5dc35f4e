import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AiAnswer, AiTask } from '../../api/shapes'
import { fakeNetwork } from '../../testing/answers'
import { show } from '../../testing/show'
import { AskScreen } from './ask-screen'

const note = 'Type 2 diabetes. No chest pain.'

function aTask(changes: Partial<AiTask> = {}): AiTask {
  return {
    name: 'medical-coding',
    title: 'Suggest codes for a note',
    version: '1',
    reads: [],
    engines: [
      { name: 'local', available: false, reason: 'it has no rules for this task yet' },
      { name: 'gemini', available: true, reason: null },
    ],
    ...changes,
  }
}

function anAnswer(changes: Partial<AiAnswer> = {}): AiAnswer {
  return {
    task: 'medical-coding',
    status: 'ok',
    output: {
      codes: [
        { code: 'E11.9', display: 'Type 2 diabetes', score: 0.93, evidence: [[0, 15]] },
        { code: 'R07.9', display: 'Chest pain', score: 0.4, evidence: [[20, 30]] },
      ],
    },
    reason: null,
    engine: 'gemini',
    model: 'a-model',
    prompt: 'medical-coding/3f9a',
    sources: [],
    usage: {},
    findings: [],
    left_out: {},
    notice: null,
    draft: null,
    ...changes,
  }
}

const told: [string, unknown][] = [
  ['step', { step: 'asking', engine: 'gemini' }],
  ['writing', { characters: 120 }],
]

async function run(answer: AiAnswer, task = aTask()) {
  const network = fakeNetwork({
    'GET /api/ai/tasks': { body: { tasks: [task] } },
    [`POST /api/ai/tasks/${task.name}`]: { events: [...told, ['answer', answer]] },
  })
  show(
    <AskScreen
      task={task.name}
      onTask={() => undefined}
      patient={undefined}
      onPatient={() => undefined}
      picker={() => null}
      head={null}
    />,
  )
  await userEvent.type(await screen.findByLabelText(/^Note|^What the person/), note)
  await userEvent.click(screen.getByRole('button', { name: 'Run' }))
  return network
}

describe('asking AI', () => {
  it('shows a draft as one, with who made it and the words it rests on', async () => {
    const { asked } = await run(anAnswer())

    expect(await screen.findByText('AI draft · not signed')).toBeInTheDocument()
    expect(screen.getByText(/Written by gemini · a-model · prompt medical-coding/)).toBeVisible()
    expect(asked.at(-1)?.body).toEqual({ text: note })
    const given = screen.getByRole('region', { name: 'What was given' })
    expect([...given.querySelectorAll('mark')].map((one) => one.textContent)).toEqual([
      'Type 2 diabetes',
      'chest pain',
    ])
    await userEvent.click(screen.getByRole('button', { name: '“chest pain”' }))
    expect([...given.querySelectorAll('mark')].map((one) => one.textContent)).toEqual([
      'chest pain',
    ])
  })

  it('puts what the guard found under the line it is about', async () => {
    await run(
      anAnswer({
        findings: [
          {
            kind: 'negation',
            said: 'Chest pain',
            place: 'codes[1].display',
            sentence: 'The sources say this the other way round, or not at all.',
          },
        ],
      }),
    )

    expect(await screen.findByText('1 thing to check')).toBeVisible()
    const lines = screen.getAllByRole('listitem')
    const [first, second] = lines.filter((line) => /E11|R07/.test(line.textContent))
    expect(first).not.toHaveTextContent('other way round')
    expect(second).toHaveTextContent('other way round')
  })

  it('says why there is no draft and keeps what was typed', async () => {
    await run(anAnswer({ status: 'blocked', output: null, reason: 'No row allows this engine.' }))

    expect(await screen.findByText('The clinic’s policy does not allow this')).toBeVisible()
    expect(screen.getByText('No row allows this engine.')).toBeVisible()
    expect(screen.getByText(/Please do it by hand/)).toBeVisible()
    expect(screen.getByLabelText(/^Note/)).toHaveValue(note)
  })

  it('puts red flags before everything else', async () => {
    await run(
      anAnswer({
        task: 'symptom-analysis',
        output: {
          level: 'emergency',
          advice: 'Call 911 now.',
          questions: [],
          red_flags: [{ phrase: 'chest pain', span: [20, 30], rule: 'Chest pain' }],
        },
      }),
      aTask({ name: 'symptom-analysis', title: 'Say how soon' }),
    )

    await screen.findByText('AI draft · not signed')
    expect(screen.getAllByRole('heading', { level: 3 })[0]).toHaveTextContent('Red flags')
  })

  it('does not run what no engine can do, and says so', async () => {
    fakeNetwork({
      'GET /api/ai/tasks': {
        body: { tasks: [aTask({ engines: [{ name: 'local', available: false, reason: 'no' }] })] },
      },
    })
    show(
      <AskScreen
        task={undefined}
        onTask={() => undefined}
        patient={undefined}
        onPatient={() => undefined}
        picker={() => null}
        head={null}
      />,
    )

    expect(await screen.findByRole('note')).toHaveTextContent('Please do it by hand')
    expect(screen.getByRole('button', { name: 'Run' })).toBeDisabled()
  })

  it('shows what is being done, and nothing of a draft that is cut off', async () => {
    const task = aTask()
    fakeNetwork({
      'GET /api/ai/tasks': { body: { tasks: [task] } },
      [`POST /api/ai/tasks/${task.name}`]: { events: told },
    })
    show(
      <AskScreen
        task={task.name}
        onTask={() => undefined}
        patient={undefined}
        onPatient={() => undefined}
        picker={() => null}
        head={null}
      />,
    )
    await userEvent.type(await screen.findByLabelText(/^Note/), note)
    await userEvent.click(screen.getByRole('button', { name: 'Run' }))

    expect(await screen.findByText('Nothing came back')).toBeVisible()
    expect(screen.getByText(/lost before the answer was whole/)).toBeVisible()
    expect(screen.queryByText('AI draft · not signed')).toBeNull()
    expect(screen.getByLabelText(/^Note/)).toHaveValue(note)
  })

  it('sends a file by itself', async () => {
    const task = aTask({ name: 'document-analysis' })
    const { asked } = fakeNetwork({
      'GET /api/ai/tasks': { body: { tasks: [task] } },
      'POST /api/ai/tasks/document-analysis/file': {
        events: [['answer', anAnswer({ status: 'abstained', output: null, reason: 'Empty.' })]],
      },
    })
    show(
      <AskScreen
        task={task.name}
        onTask={() => undefined}
        patient={undefined}
        onPatient={() => undefined}
        picker={() => null}
        head={null}
      />,
    )
    const file = new File(['Sodium 139'], 'report.txt', { type: 'text/plain' })
    await userEvent.upload(await screen.findByLabelText('File'), file)
    expect(screen.getByText('report.txt')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Run' }))

    expect(await screen.findByText('AI could not say')).toBeVisible()
    expect(asked.at(-1)?.call).toBe('POST /api/ai/tasks/document-analysis/file')
  })

  it('has a job do it and leads to the draft that it left', async () => {
    const task = aTask()
    fakeNetwork({
      'GET /api/ai/tasks': { body: { tasks: [task] } },
      [`POST /api/ai/tasks/${task.name}`]: { status: 202, body: { task: task.name, job: 'j1' } },
      'GET /api/jobs/j1/events': {
        events: [
          ['job', { state: 'running', progress: 0.3, result: {}, error: null }],
          [
            'job',
            { state: 'done', progress: 1, result: { status: 'ok', draft: 'td1' }, error: null },
          ],
        ],
      },
    })
    show(
      <AskScreen
        task={task.name}
        onTask={() => undefined}
        patient={undefined}
        onPatient={() => undefined}
        picker={() => null}
        head={null}
      />,
    )
    await userEvent.type(await screen.findByLabelText(/^Note/), note)
    await userEvent.click(screen.getByRole('button', { name: 'Have it done meanwhile' }))

    expect(await screen.findByRole('link', { name: 'Review the draft' })).toHaveAttribute(
      'href',
      '/drafts/td1',
    )
  })
})
