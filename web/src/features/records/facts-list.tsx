import type { ReactNode } from 'react'
import classes from './facts-list.module.css'

interface Fact {
  key: string
  name: string
  aside: ReactNode
}

/** Short facts under each other: a name at the left, one word about it at the right. */
export function FactsList({ facts, none }: { facts: Fact[]; none: string }) {
  if (facts.length === 0) return <p className={classes.none}>{none}</p>
  return (
    <ul>
      {facts.map(({ key, name, aside }) => (
        <li key={key} className={classes.row}>
          <span>{name}</span>
          <span className={classes.aside}>{aside}</span>
        </li>
      ))}
    </ul>
  )
}
