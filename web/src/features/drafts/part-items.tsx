import type { DraftFinding } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import type { Item } from '../../ui/answer-parts'
import classes from './draft-part.module.css'
import type { Evidence } from './evidence'
import { Chip, type Choosing } from './part-words'

interface PartItemsProps extends Choosing {
  items: readonly Item[]
  empty: string | undefined
  evidence: readonly Evidence[]
  findings: readonly DraftFinding[]
}

/** The lines of a part, each with the number of what it rests on. */
export function PartItems({ items, empty, evidence, findings, ...choosing }: PartItemsProps) {
  if (items.length === 0) return <p className={classes.empty}>{empty ?? 'Nothing is given.'}</p>
  const open = findings.filter(({ is_settled }) => !is_settled)
  return (
    <ul className={classes.items}>
      {items.map((item) => {
        const mine = evidence.find(({ place }) => place === item.place)
        const words = `${item.title} ${item.text ?? ''}`
        const doubted = open.some(({ said }) => said !== '' && words.includes(said))
        return (
          <li
            key={item.place}
            className={classes.item}
            data-doubted={doubted || undefined}
            data-chosen={
              mine !== undefined && mine.place === choosing.chosen?.place ? true : undefined
            }
          >
            <div className={classes.itemHead}>
              <p className={classes.itemTitle}>
                {item.title}
                {mine !== undefined && <Chip evidence={mine} {...choosing} />}
              </p>
              {item.mark !== undefined && item.mark !== '' && (
                <Pill tone={item.tone ?? 'grey'}>{item.mark}</Pill>
              )}
            </div>
            {item.text !== undefined && item.text !== '' && (
              <p className={classes.small}>{item.text}</p>
            )}
            {item.source !== undefined && mine === undefined && (
              <p className={classes.source}>{item.source}</p>
            )}
          </li>
        )
      })}
    </ul>
  )
}
