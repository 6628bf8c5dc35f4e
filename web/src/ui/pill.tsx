import type { ReactNode } from 'react'
import classes from './pill.module.css'

export type PillTone =
  'grey' | 'green' | 'amber' | 'red' | 'red-filled' | 'brand' | 'brand-filled' | 'ai' | 'ai-filled'

interface PillProps {
  tone: PillTone
  children: ReactNode
  square?: boolean
}

/** A state in a word; the colour only repeats it. */
export function Pill({ tone, children, square = false }: PillProps) {
  return (
    <span className={classes.pill} data-tone={tone} data-square={square || undefined}>
      {children}
    </span>
  )
}
