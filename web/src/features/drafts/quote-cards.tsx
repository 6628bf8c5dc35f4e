import { FileText } from 'lucide-react'
import type { DraftPassage } from '../../api/shapes'
import { wordsAt, type Span } from '../../ui/marks'
import classes from './draft-part.module.css'
import { isText, type Evidence } from './evidence'
import { sourceTitle } from './source-title'

interface QuoteCardsProps {
  evidence: Evidence
  given: readonly DraftPassage[]
}

const around = 60

/** The words that a sentence rests on, under it: for screens that cannot show both at once. */
export function QuoteCards({ evidence, given }: QuoteCardsProps) {
  const text = given.find(isText)
  const entries = given.filter(({ source }) => evidence.sources.includes(source))
  return (
    <ul className={classes.quotes} aria-label={`Source ${evidence.number}`}>
      {text !== undefined &&
        evidence.spans.map((span) => (
          <li key={span.start} className={classes.quote}>
            <p className={classes.quoteTitle}>
              <FileText size={14} aria-hidden="true" /> {sourceTitle(text.source)}
            </p>
            <Quote text={text.text} span={span} />
          </li>
        ))}
      {entries.map((passage) => (
        <li key={passage.source} className={classes.quote}>
          <p className={classes.quoteTitle}>
            <FileText size={14} aria-hidden="true" /> {sourceTitle(passage.source)}
          </p>
          <p>{passage.text}</p>
        </li>
      ))}
    </ul>
  )
}

function Quote({ text, span }: { text: string; span: Span }) {
  const length = Array.from(text).length
  const from = Math.max(0, span.start - around)
  const to = Math.min(length, span.end + around)
  return (
    <p>
      {from > 0 && '… '}
      {wordsAt(text, { start: from, end: span.start })}
      <mark className={classes.mark}>{wordsAt(text, span)}</mark>
      {wordsAt(text, { start: span.end, end: to })}
      {to < length && ' …'}
    </p>
  )
}
