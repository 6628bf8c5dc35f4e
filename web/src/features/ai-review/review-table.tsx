import { Kbd } from '@mantine/core'
import { FileX } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Row, RowEdit } from '../../api/shapes'
import { Note } from '../../ui/note'
import { neighbour, nextToCheck, toggled } from './review-edits'
import { ReviewRow } from './review-row'
import classes from './review-table.module.css'

interface ReviewTableProps {
  rows: Row[]
  documentId: string
  chosen: number | null
  editable: boolean
  onChoose: (index: number) => void
  onChange: (edit: RowEdit) => void
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, button') !== null
}

/** Every row that was read; arrows or j and k move, Enter marks checked, e edits. */
export function ReviewTable(props: ReviewTableProps) {
  const { rows, documentId, chosen, editable, onChoose, onChange } = props
  const [editing, setEditing] = useState<number | null>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const focusOnChosen = useRef(false)
  const pressing = useRef(false)

  useEffect(() => {
    const row = body.current?.querySelector<HTMLElement>('[data-chosen]')
    if (!pressing.current) row?.scrollIntoView({ block: 'nearest' })
    if (focusOnChosen.current && editing === null) row?.focus({ preventScroll: true })
    focusOnChosen.current = false
  }, [chosen, editing])

  if (rows.length === 0)
    return (
      <Note icon={FileX} title="No results were read">
        Look at the page: nothing on it could be taken as a result.
      </Note>
    )

  const move = (to: number | null): void => {
    if (to === null) return
    focusOnChosen.current = true
    onChoose(to)
  }
  const check = (row: Row): void => {
    const status = toggled(row)
    if (status === 'checked' && row.must_change) {
      setEditing(row.index)
      return
    }
    onChange({ index: row.index, status })
    if (status === 'checked') move(nextToCheck(rows, row.index))
  }
  const onKey = (event: KeyboardEvent): void => {
    pressing.current = false
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows.find((one) => one.index === chosen)
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        move(neighbour(rows, chosen, 1))
        break
      case 'ArrowUp':
      case 'k':
        move(neighbour(rows, chosen, -1))
        break
      case 'Enter':
        if (editable && row !== undefined) check(row)
        break
      case 'e':
        if (editable && row !== undefined) setEditing(row.index)
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <div className={classes.frame}>
      <table className={classes.table} data-editable={editable || undefined}>
        <caption className={classes.hidden}>Results read from the report</caption>
        <thead>
          <tr>
            {editable && <th scope="col">Checked</th>}
            <th scope="col">Test</th>
            <th scope="col">Value</th>
            <th scope="col">Range</th>
            <th scope="col">Flag</th>
            <th scope="col">Before</th>
            {editable && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody
          ref={body}
          onKeyDown={onKey}
          onPointerDown={() => {
            pressing.current = true
          }}
          onClick={() => {
            pressing.current = false
          }}
        >
          {rows.map((row) => (
            <ReviewRow
              key={row.index}
              row={row}
              documentId={documentId}
              chosen={row.index === chosen}
              editable={editable}
              editing={row.index === editing}
              onChoose={() => {
                onChoose(row.index)
              }}
              onFocus={() => {
                // A row that moves between press and release would lose the click meant for it,
                // so a pressed row is chosen by the click, not by the focus that comes first.
                if (!pressing.current) onChoose(row.index)
              }}
              onCheck={() => {
                check(row)
              }}
              onStatus={(status) => {
                onChange({ index: row.index, status })
              }}
              onEdit={() => {
                onChoose(row.index)
                setEditing(row.index)
              }}
              onDone={(edit) => {
                if (edit !== null) onChange(edit)
                focusOnChosen.current = true
                setEditing(null)
              }}
            />
          ))}
        </tbody>
      </table>
      {editable && (
        <p className={classes.keys}>
          <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> or <Kbd size="xs">j</Kbd>{' '}
          <Kbd size="xs">k</Kbd> move · <Kbd size="xs">Enter</Kbd> checked · <Kbd size="xs">e</Kbd>{' '}
          edit
        </p>
      )}
    </div>
  )
}
