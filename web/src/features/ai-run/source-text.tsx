import { useEffect, useId, useRef } from 'react'
import classes from './answer-card.module.css'
import { piecesOf, type Span } from '../../ui/marks'

interface SourceTextProps {
  text: string
  /** Every place that the answer rests on. */
  spans: readonly Span[]
  /** The places of the line that was chosen; without one all are marked. */
  chosen: readonly Span[] | undefined
}

/** What was given, with the words marked that the answer rests on. */
export function SourceText({ text, spans, chosen }: SourceTextProps) {
  const heading = useId()
  const first = useRef<HTMLElement>(null)
  useEffect(() => {
    if (chosen !== undefined) first.current?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [chosen])
  const pieces = piecesOf(text, chosen ?? spans)
  const firstMark = pieces.find((piece) => piece.marked)
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <h3 id={heading} className={classes.partTitle}>
        What was given
      </h3>
      <p className={classes.given}>
        {pieces.map((piece) =>
          piece.marked ? (
            <mark
              key={piece.start}
              ref={piece === firstMark ? first : undefined}
              className={classes.mark}
              data-chosen={chosen !== undefined || undefined}
            >
              {piece.text}
            </mark>
          ) : (
            <span key={piece.start}>{piece.text}</span>
          ),
        )}
      </p>
    </section>
  )
}
