import type { DraftView, Row } from '../../api/shapes'
import type { PageMark } from '../../ui/page-image'
import { isSettled } from './review-edits'

/** Where the picture of a page is. */
export function pageSource(documentId: string, page: number): string {
  return `/api/documents/${encodeURIComponent(documentId)}/pages/${page}`
}

/** The colour in which a row is boxed: violet is AI's word, amber wants a look, green has had it. */
export function rowTone(row: Row): PageMark['tone'] {
  if (row.must_check) return 'check'
  return isSettled(row) ? 'done' : 'ai'
}

/** Everything that was read from one page, where it stands. */
export function marksOf(
  draft: DraftView,
  rows: Row[],
  page: number,
  chosen: number | null,
): PageMark[] {
  const read = rows.flatMap((row): PageMark[] =>
    row.box === null || (row.page ?? 1) !== page || row.status === 'removed'
      ? []
      : [
          {
            key: String(row.index),
            box: row.box,
            tone: rowTone(row),
            chosen: row.index === chosen,
          },
        ],
  )
  const unread = draft.unreadable.flatMap((line, at): PageMark[] =>
    line.box === null || (line.page ?? 1) !== page
      ? []
      : [{ key: `unreadable-${at}`, box: line.box, tone: 'unreadable', chosen: false }],
  )
  return [...unread, ...read]
}
