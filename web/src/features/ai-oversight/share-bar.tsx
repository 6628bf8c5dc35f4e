import { counted } from './figures'
import classes from './share-bar.module.css'

interface Part {
  name: string
  count: number
  tone: 'good' | 'bad' | 'warn' | 'rest'
}

/** Parts of a whole, drawn and in words. */
export function ShareBar({ parts }: { parts: readonly Part[] }) {
  const there = parts.filter((part) => part.count > 0)
  return (
    <div className={classes.whole}>
      <div className={classes.bar} aria-hidden="true">
        {there.map((part) => (
          <span key={part.name} data-tone={part.tone} style={{ flexGrow: part.count }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {there.map((part) => (
          <li key={part.name}>
            <span className={classes.key} data-tone={part.tone} aria-hidden="true" />
            {part.name} {counted(part.count)}
          </li>
        ))}
      </ul>
    </div>
  )
}
