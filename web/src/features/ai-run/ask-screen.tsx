import { Button, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleHelp, FilePen, Sparkles } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { DoneLater } from '../../api/run-task'
import type { AiTask } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Waiting } from '../../ui/waiting'
import { AnswerCard } from './answer-card'
import classes from './ask-screen.module.css'
import { RunningCard } from './running-card'
import { TaskCard, type PatientParts } from './task-card'
import { formOf } from './task-inputs'
import { useRun, useTasks } from './use-tasks'

interface AskScreenProps extends PatientParts {
  task: string | undefined
  onTask: (task: string) => void
  /** Banner and allergies of the chosen patient. */
  head: ReactNode
}

/** Ask AI for one thing, and read its draft beside what it rests on. */
export function AskScreen(props: AskScreenProps) {
  const { data, error, refetch } = useTasks()
  return (
    <div className={classes.screen}>
      {takesPatient(props.task) && props.head}
      <header className={classes.heading}>
        <h1 className={classes.title}>
          <Sparkles size={18} aria-hidden="true" /> Ask AI
        </h1>
        <p className={classes.lead}>
          What comes back is a draft to check. Nothing of it goes into a chart until a person signs.
        </p>
      </header>
      <LoadedView
        loaded={loaded({ data: data?.tasks, error, refetch })}
        subject="The list of tasks"
        loading={<Waiting rows={4} height={64} />}
      >
        {(tasks) => <Desk {...props} tasks={tasks} />}
      </LoadedView>
    </div>
  )
}

function takesPatient(task: string | undefined): boolean {
  return formOf(task ?? '')?.fields.some(({ kind }) => kind === 'patient') ?? false
}

function mayRun(task: AiTask): boolean {
  return task.engines.some((engine) => engine.available) && formOf(task.name) !== undefined
}

function Desk({ tasks, ...props }: AskScreenProps & { tasks: AiTask[] }) {
  const chosen =
    tasks.find((task) => task.name === props.task) ?? tasks.find((task) => mayRun(task)) ?? tasks[0]
  if (chosen === undefined)
    return (
      <Note icon={Sparkles} title="There is no task to ask for">
        The work is done by hand.
      </Note>
    )
  const now = tasks.filter((task) => mayRun(task))
  const later = tasks.filter((task) => !mayRun(task))
  const option = ({ name, title }: AiTask) => ({ value: name, label: title })
  return (
    <>
      <Select
        label="Task"
        className={classes.tasks}
        searchable
        allowDeselect={false}
        data={[
          { group: 'Can run now', items: now.map(option) },
          { group: 'Cannot run here now', items: later.map(option) },
        ].filter(({ items }) => items.length > 0)}
        value={chosen.name}
        onChange={(name) => {
          if (name !== null) props.onTask(name)
        }}
      />
      <Run key={chosen.name} {...props} task={chosen} />
    </>
  )
}

function Run({ task, ...patientParts }: PatientParts & { task: AiTask }) {
  const { mutate, data, error, isPending, reset, variables, progress } = useRun()
  const { patient } = patientParts
  // An answer about one patient never stands under the name of another.
  const isOfThis = variables?.patient === patient
  const stopper = useRef<AbortController>(null)
  const answer = useRef<HTMLDivElement>(null)
  const stop = (): void => {
    stopper.current?.abort()
    reset()
  }
  useEffect(() => () => stopper.current?.abort(), [])
  return (
    <div className={classes.desk}>
      <TaskCard
        task={task}
        pending={isPending}
        {...patientParts}
        onRun={(asking) => {
          stopper.current = new AbortController()
          mutate({ task: task.name, patient, signal: stopper.current.signal, ...asking })
          answer.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
        }}
      />
      <div ref={answer} className={classes.answer} aria-live="polite">
        {isPending && isOfThis ? (
          <RunningCard progress={progress} later={variables.later} onStop={stop} />
        ) : error !== null && isOfThis ? (
          <Note
            icon={Sparkles}
            tone="red"
            urgent
            title="Nothing came back"
            action={
              <Button variant="default" onClick={reset}>
                Back to the text
              </Button>
            }
          >
            {asFailure(error).message} You can try again, or do it by hand.
          </Note>
        ) : data !== undefined && isOfThis ? (
          'answer' in data ? (
            <AnswerCard answer={data.answer} title={task.title} text={variables.text} />
          ) : (
            <LaterCard later={data.later} />
          )
        ) : (
          <Note icon={Sparkles} title="The draft will stand here">
            Fill in what the task asks for, then run it.
          </Note>
        )}
      </div>
    </div>
  )
}

function LaterCard({ later }: { later: DoneLater }) {
  if (later.draft === null)
    return (
      <Note icon={CircleHelp} title="There is no draft">
        {later.status === 'blocked'
          ? 'The clinic’s policy does not allow this.'
          : 'AI could not say.'}{' '}
        Please do it by hand.
      </Note>
    )
  const draftId = later.draft
  return (
    <Note
      icon={FilePen}
      title="The draft is there"
      action={
        <Button
          color="ai"
          renderRoot={(props) => <Link to="/drafts/$draftId" params={{ draftId }} {...props} />}
        >
          Review the draft
        </Button>
      }
    >
      Nothing of it goes anywhere before a person signs.
    </Note>
  )
}
