import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { AiTask } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Pill } from '../../ui/pill'
import classes from './task-card.module.css'
import { firstTyped, formOf, missingIn, type Field, type TaskForm, type Typed } from './task-inputs'

export interface PatientParts {
  /** The chosen patient's id. */
  patient: string | undefined
  onPatient: (patient: string | undefined) => void
  picker: (onPick: (patient: string) => void) => ReactNode
}

interface TaskCardProps extends PatientParts {
  task: AiTask
  pending: boolean
  onRun: (input: Record<string, unknown>, text: string) => void
}

/** What a task is, who can do it now, and what it asks for. */
export function TaskCard({ task, ...rest }: TaskCardProps) {
  const form = formOf(task.name)
  return (
    <Card title={task.title}>
      <Engines task={task} />
      {form === undefined ? (
        <p className={classes.byHand}>
          This task takes a file or a model of your own, which this screen does not send. Put a
          document in the inbox, or do it by hand.
        </p>
      ) : (
        <Asking task={task} form={form} {...rest} />
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

function Asking({ task, form, pending, onRun, ...parts }: TaskCardProps & { form: TaskForm }) {
  const [written, setTyped] = useState(() => firstTyped(form))
  const typed: Typed = { ...written, patient: parts.patient ?? '' }
  const [asked, setAsked] = useState(false)
  const missing = missingIn(form, typed)
  const canRun = task.engines.some((engine) => engine.available)
  const set = (name: string, value: string): void => {
    setTyped((before) => ({ ...before, [name]: value }))
  }
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (missing.length > 0) return
        onRun(form.input(typed), form.source === undefined ? '' : (typed[form.source] ?? ''))
      }}
    >
      {form.fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          typed={typed}
          parts={parts}
          error={asked && missing.includes(field) ? 'Fill this in first' : null}
          onChange={(value) => {
            set(field.name, value)
          }}
        />
      ))}
      <Button type="submit" color="ai" loading={pending} disabled={!canRun}>
        Run
      </Button>
    </form>
  )
}

interface FieldInputProps {
  field: Field
  typed: Typed
  parts: PatientParts
  error: string | null
  onChange: (value: string) => void
}

function FieldInput({ field, typed, parts, error, onChange }: FieldInputProps) {
  const value = typed[field.name] ?? ''
  const common = {
    label: field.optional === true ? `${field.label} (optional)` : field.label,
    description: field.hint,
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
