import { ActionIcon } from '@mantine/core'
import { Check, Pencil, Trash2, TriangleAlert, Undo2 } from 'lucide-react'
import type { Row, RowEdit, RowStatus } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { FlagMark } from '../../ui/flag-mark'
import { PageCrop } from '../../ui/page-crop'
import { pageSource, rowTone } from './page-marks'
import { isSettled } from './review-edits'
import classes from './review-table.module.css'
import { RowEditor } from './row-editor'

interface ReviewRowProps {
  row: Row
  documentId: string
  chosen: boolean
  editable: boolean
  editing: boolean
  onChoose: () => void
  onFocus: () => void
  onCheck: () => void
  onStatus: (status: RowStatus) => void
  onEdit: () => void
  /** With the change to keep, or null to leave the row as it was. */
  onDone: (edit: RowEdit | null) => void
}

/** One result as it was read, and what a person says about it. */
export function ReviewRow(props: ReviewRowProps) {
  const { row, documentId, chosen, editable, editing, onChoose, onFocus, onCheck, onDone } = props
  const columns = editable ? 7 : 5
  return (
    <>
      <tr
        className={classes.row}
        data-chosen={chosen || undefined}
        data-tone={rowTone(row)}
        data-removed={row.status === 'removed' || undefined}
        tabIndex={chosen ? 0 : -1}
        aria-selected={chosen}
        onClick={onChoose}
        onFocus={onFocus}
      >
        {editable && (
          <td className={classes.check}>
            <CheckMark row={row} onCheck={onCheck} />
          </td>
        )}
        <th scope="row" className={classes.test}>
          {row.test}
          {row.loinc === null ? (
            <span className={classes.aside}>no code</span>
          ) : (
            <span className={classes.aside} title={row.loinc_name ?? undefined}>
              {row.loinc}
            </span>
          )}
        </th>
        <td className={classes.value} data-label="Value">
          {row.value ?? 'no value'}
          {row.unit === null ? '' : `\u00a0${row.unit}`}
          <ReadAs row={row} />
        </td>
        <td data-label="Range">{row.range_text ?? 'not printed'}</td>
        <td data-label="Flag">
          <FlagMark flag={row.flag} sayNormal />
          {row.flag === null && <span className={classes.aside}>none</span>}
        </td>
        <td data-label="Before">
          <Before row={row} />
        </td>
        {editable && (
          <td className={classes.change}>
            <ChangeButtons {...props} />
          </td>
        )}
      </tr>
      {chosen && row.box !== null && (
        <tr className={classes.snippet}>
          <td colSpan={columns}>
            <PageCrop
              src={pageSource(documentId, row.page ?? 1)}
              alt={`${row.test} as printed`}
              box={row.box}
            />
          </td>
        </tr>
      )}
      {row.problem !== null && row.must_check && !editing && (
        <tr className={classes.problem} data-chosen={chosen || undefined} onClick={onChoose}>
          <td colSpan={columns}>
            <TriangleAlert size={14} aria-hidden="true" /> {row.problem}
          </td>
        </tr>
      )}
      {editing && (
        <tr className={classes.editor}>
          <td colSpan={columns}>
            <RowEditor row={row} onDone={onDone} />
          </td>
        </tr>
      )}
    </>
  )
}

function CheckMark({ row, onCheck }: { row: Row; onCheck: () => void }) {
  const settled = isSettled(row)
  if (row.status === 'removed') return <span className={classes.aside}>removed</span>
  return (
    <button
      type="button"
      className={classes.mark}
      aria-pressed={settled}
      aria-label={`${row.test} checked`}
      title={row.status === 'corrected' ? 'Corrected' : settled ? 'Checked' : 'Not checked yet'}
      onClick={onCheck}
    >
      {settled && <Check size={16} aria-hidden="true" />}
    </button>
  )
}

function ChangeButtons({ row, onEdit, onStatus }: ReviewRowProps) {
  if (row.status === 'removed')
    return (
      <ActionIcon
        variant="default"
        size={28}
        aria-label={`Put ${row.test} back`}
        onClick={() => {
          onStatus('to-check')
        }}
      >
        <Undo2 size={15} />
      </ActionIcon>
    )
  return (
    <span className={classes.buttons}>
      <ActionIcon variant="default" size={28} aria-label={`Edit ${row.test}`} onClick={onEdit}>
        <Pencil size={14} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size={28}
        aria-label={`Remove ${row.test}`}
        onClick={() => {
          onStatus('removed')
        }}
      >
        <Trash2 size={14} />
      </ActionIcon>
    </span>
  )
}

function Before({ row }: { row: Row }) {
  const { zone } = useClinic()
  if (row.previous === null) return <span className={classes.aside}>none</span>
  const { value, unit, at } = row.previous
  return (
    <>
      {value}
      {unit === null || unit === row.unit ? '' : `\u00a0${unit}`}
      {at !== null && <span className={classes.aside}>{staffDate(at, zone)}</span>}
    </>
  )
}

/** What was read, beside what a person changed it to. */
function ReadAs({ row }: { row: Row }) {
  if (row.read_as === null) return null
  const read = [row.read_as.value, row.read_as.unit].filter((part) => part !== null).join(' ')
  return <span className={classes.readAs}>read as {read === '' ? 'nothing' : read}</span>
}
