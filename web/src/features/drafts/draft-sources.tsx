import { FileText } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { DraftPassage, TaskDraft } from '../../api/shapes'
import { piecesOf, type Span } from '../../ui/marks'
import classes from './draft-sources.module.css'
import { isText, type Evidence } from './evidence'
import { sourceTitle } from './source-title'

interface DraftSourcesProps {
  draft: TaskDraft
  evidence: readonly Evidence[]
  chosen: Evidence | null
}

/** Everything that the draft was made from; what the chosen sentence rests on is lit. */
export function DraftSources({ draft, evidence, chosen }: DraftSourcesProps) {
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    if (chosen !== null)
      pane.current
        ?.querySelector('[data-lit]')
        ?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [chosen])
  return (
    <section ref={pane} className={classes.pane} aria-label="What it was made from" tabIndex={0}>
      <header className={classes.heading}>
        <h2 className={classes.title}>What it was made from</h2>
        <p className={classes.lead} role="status">
          {chosen === null
            ? evidence.length > 0
              ? 'Press a number in the draft to see the words it rests on.'
              : draft.given.length > 0
                ? 'Compare each statement with these words.'
                : ''
            : `Source ${chosen.number} is marked.`}
        </p>
      </header>
      {draft.left_out.length > 0 && (
        <ul className={classes.leftOut}>
          {draft.left_out.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {draft.given.length === 0 && (
        <p className={classes.none}>
          No words were kept with this draft: compare it with the record before you sign.
        </p>
      )}
      {draft.given.map((passage) => (
        <Passage key={passage.source} passage={passage} evidence={evidence} chosen={chosen} />
      ))}
    </section>
  )
}

interface PassageProps {
  passage: DraftPassage
  evidence: readonly Evidence[]
  chosen: Evidence | null
}

function Passage({ passage, evidence, chosen }: PassageProps) {
  const isLit = chosen?.sources.includes(passage.source) ?? false
  const spans: readonly Span[] = !isText(passage)
    ? []
    : chosen === null
      ? evidence.flatMap((one) => one.spans)
      : chosen.spans
  return (
    <article className={classes.passage} data-lit={isLit || undefined}>
      <h3 className={classes.kind}>
        <FileText size={14} aria-hidden="true" /> {sourceTitle(passage.source)}
      </h3>
      <p className={classes.words}>
        {piecesOf(passage.text, spans).map((piece) =>
          piece.marked ? (
            <mark
              key={piece.start}
              className={classes.mark}
              data-lit={chosen !== null || undefined}
            >
              {piece.text}
            </mark>
          ) : (
            <span key={piece.start}>{piece.text}</span>
          ),
        )}
      </p>
    </article>
  )
}
