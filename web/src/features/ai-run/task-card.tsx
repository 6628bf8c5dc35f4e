import { Button, FileButton, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { AiTask } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Pill } from '../../ui/pill'
import classes from './task-card.module.css'
import {
  firstTyped,
  formOf,
  missingIn,
  type Field,
  type FileAsked,
  type TaskForm,
  type Typed,
} from './task-inputs'
import type { Asked } from './use-tasks'

export interface PatientParts {
  /** The chosen patient's id. */
  patient: string | undefined
  onPatient: (patient: string | undefined) => void
  picker: (onPick: (patient: string) => void) => ReactNode
}

interface TaskCardProps extends PatientParts {
  task: AiTask
  pending: boolean
  onRun: (asking: Asking) => void
}

/** What was filled in, and how it is to be done. */
type Asking = Pick<Asked, 'input' | 'file' | 'text' | 'later'>

/** What a task is, who can do it now, and what it asks for. */
export function TaskCard({ task, ...rest }: TaskCardProps) {
  const form = formOf(task.name)
  return (
    <Card title={task.title}>
      <Engines task={task} />
      {form === undefined ? (
        <p className={classes.byHand}>
          This task takes a model of your own, which this screen does not send. Please do it by
          hand.
        </p>
      ) : (
        <AskingForm task={task} form={form} {...rest} />
      )}
    </Card>
  )
}

function Engines({ task }: { task: AiTask }) {
  const can = task.engines.filter((engine) => engine.available)
  return (
    <div className={classes.engines}>
      {can.length === 0 ? (
        <p className={classes.off} role="note">
          No engine can do this now. Please do it by hand.
        </p>
      ) : (
        <p className={classes.can}>
          {can.map(({ name }) => (
            <Pill key={name} tone="grey">
              {name}
            </Pill>
          ))}
          <span>
            {can.length === 1 ? 'can do this now' : 'can do this now, asked in this order'}
          </span>
        </p>
      )}
      {task.engines
        .filter((engine) => !engine.available)
        .map(({ name, reason }) => (
          <p key={name} className={classes.why}>
            {name} cannot: {reason ?? 'it is not available'}
          </p>
        ))}
      {task.reads.length > 0 && (
        <p className={classes.why}>
          Of a chosen patient’s record it may read: {task.reads.map(spaced).join(', ')}.
        </p>
      )}
    </div>
  )
}

/** `medication request` from `MedicationRequest`. */
function spaced(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLocaleLowerCase()
}

function AskingForm({ task, form, pending, onRun, ...parts }: TaskCardProps & { form: TaskForm }) {
  const [written, setTyped] = useState(() => firstTyped(form))
  const [file, setFile] = useState<File | null>(null)
  const typed: Typed = { ...written, patient: parts.patient ?? '' }
  const [asked, setAsked] = useState(false)
  const missing = file === null ? missingIn(form, typed) : []
  const lacksFile = form.file !== undefined && form.fields.length === 0 && file === null
  const canRun = task.engines.some((engine) => engine.available)
  // A laboratory report is reviewed in the inbox, so no job leaves a draft of one.
  const mayWait = file === null && task.name !== 'lab-results'
  const set = (name: string, value: string): void => {
    setTyped((before) => ({ ...before, [name]: value }))
  }
  const run = (later: boolean): void => {
    setAsked(true)
    if (missing.length > 0 || lacksFile) return
    const text = form.source === undefined ? '' : (typed[form.source] ?? '')
    onRun(
      file === null
        ? { input: form.input(typed), file: undefined, text, later }
        : { input: {}, file, text: '', later: false },
    )
  }
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        run(false)
      }}
    >
      {form.fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          typed={typed}
          parts={parts}
          disabled={file !== null}
          error={asked && missing.includes(field) ? 'Fill this in first' : null}
          onChange={(value) => {
            set(field.name, value)
          }}
        />
      ))}
      {form.file !== undefined && (
        <FileField
          asked={form.file}
          file={file}
          error={asked && lacksFile ? 'Choose a file first' : null}
          onFile={setFile}
        />
      )}
      <div className={classes.run}>
        <Button type="submit" color="ai" loading={pending} disabled={!canRun}>
          Run
        </Button>
        {mayWait && (
          <Button
            variant="default"
            disabled={!canRun || pending}
            onClick={() => {
              run(true)
            }}
          >
            Have it done meanwhile
          </Button>
        )}
      </div>
    </form>
  )
}

interface FileFieldProps {
  asked: FileAsked
  file: File | null
  error: string | null
  onFile: (file: File | null) => void
}

function FileField({ asked, file, error, onFile }: FileFieldProps) {
  return (
    <fieldset className={classes.patient}>
      <legend>{asked.label}</legend>
      <div className={classes.chosen}>
        <span className={classes.file}>{file === null ? asked.hint : file.name}</span>
        <span className={classes.fileActs}>
          {file !== null && (
            <Button
              variant="default"
              onClick={() => {
                onFile(null)
              }}
            >
              Take away
            </Button>
          )}
          <FileButton accept={asked.accept} onChange={onFile} inputProps={{ 'aria-label': 'File' }}>
            {(props) => (
              <Button {...props} variant="default">
                {file === null ? 'Choose a file' : 'Choose another'}
              </Button>
            )}
          </FileButton>
        </span>
      </div>
      {error !== null && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

interface FieldInputProps {
  field: Field
  typed: Typed
  parts: PatientParts
  /** Whether a file is sent instead. */
  disabled: boolean
  error: string | null
  onChange: (value: string) => void
}

function FieldInput({ field, typed, parts, disabled, error, onChange }: FieldInputProps) {
  const value = typed[field.name] ?? ''
  const common = {
    label: field.optional === true ? `${field.label} (optional)` : field.label,
    description: field.hint,
    disabled,
    error,
  }
  switch (field.kind) {
    case 'patient':
      return <PatientField label={common.label} error={error} parts={parts} />
    case 'choice':
      return (
        <Select
          {...common}
          data={[...(field.choices ?? [])]}
          clearable={field.optional === true}
          allowDeselect={field.optional === true}
          clearButtonProps={{ 'aria-label': `No ${field.label}` }}
          value={value === '' ? null : value}
          onChange={(chosen) => {
            onChange(chosen ?? '')
          }}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          min={0}
          max={130}
          hideControls
          value={value}
          onChange={(number) => {
            onChange(String(number))
          }}
        />
      )
    case 'line':
      return (
        <TextInput
          {...common}
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value)
          }}
        />
      )
    case 'lines':
    case 'text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={field.kind === 'text' ? 8 : 3}
          maxRows={20}
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value)
          }}
        />
      )
  }
}

interface PatientFieldProps {
  label: string
  error: string | null
  parts: PatientParts
}

function PatientField({ label, error, parts: { patient, onPatient, picker } }: PatientFieldProps) {
  return (
    <fieldset className={classes.patient}>
      <legend>{label}</legend>
      {patient === undefined ? (
        picker(onPatient)
      ) : (
        <p className={classes.chosen}>
          The patient named at the top of this screen.
          <Button
            variant="default"
            onClick={() => {
              onPatient(undefined)
            }}
          >
            Choose another
          </Button>
        </p>
      )}
      {error !== null && (
        <p className={classes.error} role="alert">
          Choose a patient first
        </p>
      )}
    </fieldset>
  )
}
