import { useMemo } from 'react'
import classes from './draft-part.module.css'
import { wordDiff } from './word-diff'

interface PartChangesProps {
  before: string
  after: string
}

/** What AI wrote and what a person made of it, in one text. */
export function PartChanges({ before, after }: PartChangesProps) {
  const pieces = useMemo(() => wordDiff(before, after), [before, after])
  return (
    <p className={classes.said}>
      {pieces.map(({ text, change }, at) => {
        const key = `${at} ${change}`
        if (change === 'same') return <span key={key}>{text}</span>
        return change === 'removed' ? (
          <del key={key} className={classes.removed}>
            <span className={classes.hidden}>AI wrote: </span>
            {text}
          </del>
        ) : (
          <ins key={key} className={classes.added}>
            <span className={classes.hidden}>Changed to: </span>
            {text}
          </ins>
        )
      })}
    </p>
  )
}
