import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Row, RowEdit } from '../../api/shapes'
import classes from './row-editor.module.css'

interface RowEditorProps {
  row: Row
  onDone: (edit: RowEdit | null) => void
}

const fields = [
  { name: 'test', label: 'Test' },
  { name: 'value', label: 'Value' },
  { name: 'unit', label: 'Unit' },
  { name: 'low', label: 'Low end' },
  { name: 'high', label: 'High end' },
] as const

type Field = (typeof fields)[number]['name']

/** What of the typed text differs from the row; an emptied field becomes null. */
function correction(row: Row, typed: Record<Field, string>): RowEdit {
  const edit: RowEdit = { index: row.index, status: 'corrected' }
  for (const { name } of fields) {
    const text = typed[name].trim()
    if (text !== (row[name] ?? '')) edit[name] = text === '' ? null : text
  }
  return edit
}

/** Correct a row by hand; Escape leaves it as it was. */
export function RowEditor({ row, onDone }: RowEditorProps) {
  const [typed, setTyped] = useState<Record<Field, string>>({
    test: row.test,
    value: row.value ?? '',
    unit: row.unit ?? '',
    low: row.low ?? '',
    high: row.high ?? '',
  })
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <form
      ref={form}
      className={classes.editor}
      aria-label={`Edit ${row.test}`}
      onSubmit={(event) => {
        event.preventDefault()
        onDone(correction(row, typed))
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone(null)
      }}
    >
      {fields.map(({ name, label }) => (
        <TextInput
          key={name}
          size="xs"
          label={label}
          className={classes[name]}
          data-autofocus={name === 'value' || undefined}
          autoFocus={name === 'value'}
          required={name === 'test'}
          value={typed[name]}
          onChange={(event) => {
            const { value } = event.currentTarget
            setTyped((before) => ({ ...before, [name]: value }))
          }}
        />
      ))}
      <div className={classes.buttons}>
        <Button type="submit" size="compact-md">
          Keep correction
        </Button>
        <Button
          variant="default"
          size="compact-md"
          onClick={() => {
            onDone(null)
          }}
        >
          Cancel
        </Button>
      </div>
    </form>
  )
}
