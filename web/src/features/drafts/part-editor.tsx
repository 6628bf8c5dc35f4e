import { Button, Checkbox, Group, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import classes from './draft-part.module.css'
import { wordsOf } from './evidence'

/** How a value is changed by hand: as words, as a line each, or by leaving things out. */
export function editableAs(value: unknown): 'text' | 'lines' | 'things' | null {
  if (typeof value === 'string') return 'text'
  if (!Array.isArray(value)) return null
  if (value.every((one) => typeof one === 'string')) return 'lines'
  return value.every((one) => typeof one === 'object' && one !== null) ? 'things' : null
}

interface PartEditorProps {
  title: string
  value: unknown
  pending: boolean
  failure: string | null
  onSave: (value: unknown) => void
  onCancel: () => void
}

/** Change one part; what AI wrote is kept beside it. */
export function PartEditor(props: PartEditorProps) {
  if (editableAs(props.value) === 'things') return <ThingsEditor {...props} />
  return <WordsEditor {...props} />
}

function WordsEditor({ title, value, onSave, ...rest }: PartEditorProps) {
  const isList = editableAs(value) === 'lines'
  const [text, setText] = useState(() => wordsOf(value))
  const changed = isList
    ? text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
    : text.trim()
  return (
    <EditorForm
      {...rest}
      isSame={wordsOf(changed) === wordsOf(value)}
      onSave={() => {
        onSave(changed)
      }}
    >
      <Textarea
        label={`${title}, in your words`}
        description={isList ? 'One a line. What AI wrote is kept.' : 'What AI wrote is kept.'}
        data-autofocus
        autoFocus
        autosize
        minRows={3}
        maxRows={16}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') rest.onCancel()
        }}
      />
    </EditorForm>
  )
}

function ThingsEditor({ title, value, onSave, ...rest }: PartEditorProps) {
  const things = value as object[]
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  return (
    <EditorForm
      {...rest}
      isSame={left.size === 0}
      onSave={() => {
        onSave(things.filter((_, at) => !left.has(at)))
      }}
    >
      <fieldset className={classes.things}>
        <legend>{title}: take away what is not right</legend>
        {things.map((thing, at) => (
          <Checkbox
            key={wordsOf(thing)}
            label={wordsOf(thing)}
            checked={!left.has(at)}
            onChange={() => {
              setLeft((before) => {
                const now = new Set(before)
                if (!now.delete(at)) now.add(at)
                return now
              })
            }}
          />
        ))}
      </fieldset>
    </EditorForm>
  )
}

interface EditorFormProps {
  pending: boolean
  failure: string | null
  isSame: boolean
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}

function EditorForm({ pending, failure, isSame, onSave, onCancel, children }: EditorFormProps) {
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSame) onSave()
      }}
    >
      {children}
      {failure !== null && (
        <p className={classes.failure} role="alert">
          {failure} What you typed is still here.
        </p>
      )}
      <Group gap="xs" justify="flex-end">
        <Button size="compact-md" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="compact-md" type="submit" loading={pending} disabled={isSame}>
          Save the change
        </Button>
      </Group>
    </form>
  )
}
