import { useId, type ReactNode } from 'react'
import classes from './card.module.css'

interface CardProps {
  title: string
  aside?: ReactNode
  children: ReactNode
}

/** A white card with a heading and something short at its right. */
export function Card({ title, aside, children }: CardProps) {
  const heading = useId()
  return (
    <section className={classes.card} aria-labelledby={heading}>
      <header className={classes.header}>
        <h2 id={heading} className={classes.title}>
          {title}
        </h2>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  )
}
