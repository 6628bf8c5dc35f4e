import { ExternalLink } from 'lucide-react'
import type { NamedSource } from './named-source'
import classes from './source-line.module.css'

interface SourceLineProps {
  source: NamedSource
  /** How a day is written for the reader. */
  dayWords: (day: string) => string
}

/** A named source, with its address as a link and the day it was read. */
export function SourceLine({ source: { name, day, isRead, link }, dayWords }: SourceLineProps) {
  return (
    <span className={classes.line}>
      {link === null ? (
        name
      ) : (
        <a href={link} target="_blank" rel="noreferrer">
          {name}
          <ExternalLink size={13} aria-hidden="true" />
          <span className={classes.hidden}> (opens in a new tab)</span>
        </a>
      )}
      {day !== null && (
        <span className={classes.day}>
          {' '}
          · {isRead ? 'read' : 'dated'} {dayWords(day)}
        </span>
      )}
    </span>
  )
}
