import { ScanLine } from 'lucide-react'
import type { Unreadable } from '../../api/shapes'
import classes from './unreadable-lines.module.css'

/** Lines that look like results and could not be read. Nothing is guessed from them. */
export function UnreadableLines({ lines }: { lines: Unreadable[] }) {
  if (lines.length === 0) return null
  return (
    <section className={classes.lines} aria-labelledby="unreadable-title">
      <h3 id="unreadable-title" className={classes.title}>
        <ScanLine size={15} aria-hidden="true" />
        Could not be read ({lines.length})
      </h3>
      <ul>
        {lines.map((line, at) => (
          <li key={at}>
            <strong>{line.text === '' ? `A line on page ${line.page ?? 1}` : line.text}</strong>{' '}
            {line.reason}
          </li>
        ))}
      </ul>
      <p className={classes.hint}>
        These lines are not filed. Read them on the page, or ask the laboratory.
      </p>
    </section>
  )
}
