import type { DraftView, Row, RowEdit, RowStatus } from '../../api/shapes'

/** Changes that a person made and that are not stored yet, by row. */
export type PendingEdits = ReadonlyMap<number, RowEdit>

/** No changes. */
export const nothingPending: PendingEdits = new Map()

/** Add a change; fields changed before stay changed. */
export function withEdit(pending: PendingEdits, edit: RowEdit): PendingEdits {
  return new Map(pending).set(edit.index, { ...pending.get(edit.index), ...edit })
}

/** Forget what was stored; a row that changed again meanwhile stays pending. */
export function withoutStored(pending: PendingEdits, stored: PendingEdits): PendingEdits {
  return new Map([...pending].filter(([index, edit]) => stored.get(index) !== edit))
}

function stillMustCheck(row: Row, status: RowStatus): boolean {
  if (status === 'removed') return false
  if (status === 'corrected') return false
  return row.must_change || (status === 'to-check' && row.must_check)
}

function kept<T>(changed: T | null | undefined, before: T | null): T | null {
  return changed === undefined ? before : changed
}

/** Rows as the screen shows them: what is stored with the pending changes on top. */
export function rowsWith(draft: DraftView, pending: PendingEdits): Row[] {
  return draft.rows.map((row) => {
    const edit = pending.get(row.index)
    if (edit === undefined) return row
    return {
      ...row,
      test: edit.test ?? row.test,
      value: kept(edit.value, row.value),
      unit: kept(edit.unit, row.unit),
      low: kept(edit.low, row.low),
      high: kept(edit.high, row.high),
      status: edit.status,
      must_check: stillMustCheck(row, edit.status),
    }
  })
}

/** How many rows still stand in the way of signing. */
export function leftToCheck(rows: Row[]): number {
  return rows.filter((row) => row.must_check).length
}

/** Whether a person has settled the row. */
export function isSettled(row: Row): boolean {
  return row.status === 'checked' || row.status === 'corrected' || row.status === 'removed'
}

/** The state that pressing the check mark leads to. */
export function toggled(row: Row): RowStatus {
  return isSettled(row) ? 'to-check' : 'checked'
}

/**
 * The row to go to after one is settled: the next that stands in the way of signing, else the next
 * nobody looked at, else none.
 */
export function nextToCheck(rows: Row[], after: number): number | null {
  const at = rows.findIndex((row) => row.index === after)
  const inOrder = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))]
  const next =
    inOrder.find((row) => row.must_check) ?? inOrder.find((row) => row.status === 'to-check')
  return next?.index ?? null
}

/** The row before or after, staying at the ends. */
export function neighbour(rows: Row[], from: number | null, step: 1 | -1): number | null {
  if (rows.length === 0) return null
  const at = rows.findIndex((row) => row.index === from)
  const to = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))
  return rows[to]?.index ?? null
}
