import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { Pill } from '../../ui/pill'
import classes from './answer-card.module.css'
import type { Item, Part } from '../../ui/answer-parts'
import { isAt, type Finding } from '../../ui/findings'
import { wordsAt } from '../../ui/marks'

interface Showing {
  text: string
  /** The place of the line whose words are shown alone. */
  shown: string | null
  onShow: (place: string | null) => void
}

interface AnswerPartProps extends Showing {
  part: Part
  findings: readonly Finding[]
}

/** One part of the draft, with what is doubtful about it beneath. */
export function AnswerPart({ part, findings, ...showing }: AnswerPartProps) {
  const heading = useId()
  const items = part.items ?? []
  const ofItems = findings.filter((one) => items.some((item) => isAt(one, item.place)))
  return (
    <section className={classes.part} data-tone={part.tone} aria-labelledby={heading}>
      <h3 id={heading} className={classes.partTitle}>
        {part.title}
      </h3>
      {part.text !== undefined && part.text !== '' && <p className={classes.said}>{part.text}</p>}
      {items.length > 0 ? (
        <ul className={classes.items}>
          {items.map((item) => (
            <Line
              key={item.place}
              item={item}
              findings={ofItems.filter((one) => isAt(one, item.place))}
              {...showing}
            />
          ))}
        </ul>
      ) : (
        part.items !== undefined && <p className={classes.empty}>{part.empty}</p>
      )}
      <Findings findings={findings.filter((one) => !ofItems.includes(one))} />
    </section>
  )
}

interface LineProps extends Showing {
  item: Item
  findings: readonly Finding[]
}

function Line({ item, findings, text, shown, onShow }: LineProps) {
  const quote = text === '' ? '' : item.spans.map((span) => `“${wordsAt(text, span)}”`).join(' … ')
  const isShown = shown === item.place
  return (
    <li className={classes.item}>
      <div className={classes.itemHead}>
        {quote !== `“${item.title}”` && <p className={classes.itemTitle}>{item.title}</p>}
        {item.mark !== undefined && item.mark !== '' && (
          <Pill tone={item.tone ?? 'grey'}>{item.mark}</Pill>
        )}
      </div>
      {item.text !== undefined && item.text !== '' && <p className={classes.small}>{item.text}</p>}
      {item.source !== undefined && <p className={classes.source}>{item.source}</p>}
      {quote !== '' && (
        <button
          type="button"
          className={classes.quote}
          aria-pressed={isShown}
          onClick={() => {
            onShow(isShown ? null : item.place)
          }}
        >
          {quote}
        </button>
      )}
      <Findings findings={findings} />
    </li>
  )
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  return findings.map((one) => (
    <p key={`${one.place} ${one.kind} ${one.said}`} className={classes.finding}>
      <TriangleAlert size={15} aria-hidden="true" />
      <span>
        <strong>“{one.said}”</strong> {one.sentence}
      </span>
    </p>
  ))
}
