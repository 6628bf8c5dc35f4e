import { Fragment } from 'react'
import type { DraftFinding } from '../../api/shapes'
import classes from './draft-part.module.css'
import { sentencesOf, type Evidence } from './evidence'

export interface Choosing {
  chosen: Evidence | null
  onChoose: (evidence: Evidence | null) => void
}

interface PartWordsProps extends Choosing {
  text: string
  evidence: readonly Evidence[]
  findings: readonly DraftFinding[]
  /** Whether every sentence ought to rest on something, so that one that does not is marked. */
  tied: boolean
}

/** A text sentence by sentence: choosing one shows what it rests on. */
export function PartWords({ text, evidence, findings, tied, ...choosing }: PartWordsProps) {
  const open = findings.filter(({ is_settled }) => !is_settled)
  return (
    <p className={classes.said}>
      {sentencesOf(text, evidence).map((sentence, at) => {
        const doubted = open.some(({ said }) => said !== '' && sentence.text.includes(said))
        const isChosen = sentence.evidence.some(({ place }) => place === choosing.chosen?.place)
        return (
          <Fragment key={`${at} ${sentence.text}`}>
            <span
              className={classes.sentence}
              data-doubted={doubted || undefined}
              data-chosen={isChosen || undefined}
            >
              {sentence.text}
              {sentence.evidence.map((one) => (
                <Chip key={one.place} evidence={one} {...choosing} />
              ))}
              {tied && sentence.evidence.length === 0 && (
                <span className={classes.untied}>no source</span>
              )}
            </span>
            {sentence.ends ? <br /> : ' '}
          </Fragment>
        )
      })}
    </p>
  )
}

/** The number of a source: press it to see the words. */
export function Chip({ evidence, chosen, onChoose }: Choosing & { evidence: Evidence }) {
  const isChosen = chosen?.place === evidence.place
  return (
    <button
      type="button"
      className={classes.chip}
      aria-pressed={isChosen}
      aria-label={`Source ${evidence.number}`}
      title="Show what this rests on"
      onClick={() => {
        onChoose(isChosen ? null : evidence)
      }}
    >
      <span className={classes.chipFace}>{evidence.number}</span>
    </button>
  )
}
