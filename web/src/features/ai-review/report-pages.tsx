import type { DraftView, InboxDocument, Row } from '../../api/shapes'
import { PageImage } from '../../ui/page-image'
import { marksOf, pageSource } from './page-marks'
import classes from './review.module.css'

interface ReportPagesProps {
  document: InboxDocument
  draft: DraftView
  rows: Row[]
  chosen: number | null
  onChoose: (index: number) => void
}

/** Every page of the document with boxes around what was read from it. */
export function ReportPages({ document, draft, rows, chosen, onChoose }: ReportPagesProps) {
  const pages = Array.from({ length: document.pages ?? 1 }, (_, at) => at + 1)
  return (
    <section className={classes.pages} aria-label="Pages of the document" tabIndex={0}>
      {pages.map((page) => (
        <PageImage
          key={page}
          src={pageSource(document.id, page)}
          alt={`Page ${page} of ${document.filename}`}
          marks={marksOf(draft, rows, page, chosen)}
          onMark={(key) => {
            const index = Number(key)
            if (Number.isInteger(index)) onChoose(index)
          }}
        />
      ))}
      <ul className={classes.legend} aria-label="Colours of the boxes">
        <li data-tone="ai">Read by AI</li>
        <li data-tone="check">Must be checked</li>
        <li data-tone="done">Checked</li>
        <li data-tone="unreadable">Could not be read</li>
      </ul>
    </section>
  )
}
