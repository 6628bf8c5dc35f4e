import { useId } from 'react'
import type { Part } from '../../ui/answer-parts'
import classes from './draft-part.module.css'
import type { Evidence } from './evidence'
import { PartItems } from './part-items'
import type { Choosing } from './part-words'

interface PartBesideProps extends Choosing {
  part: Part
  evidence: readonly Evidence[]
}

/** What stands beside the draft and is looked at, not signed. */
export function PartBeside({ part, evidence, ...choosing }: PartBesideProps) {
  const heading = useId()
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <h2 id={heading} className={classes.title}>
        {part.title}
      </h2>
      {part.text !== undefined && part.text !== '' && <p className={classes.said}>{part.text}</p>}
      {part.items !== undefined && (
        <PartItems
          items={part.items}
          empty={part.empty}
          evidence={evidence}
          findings={[]}
          {...choosing}
        />
      )}
    </section>
  )
}
