import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import classes from './note.module.css'

interface NoteProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  tone?: 'plain' | 'red'
  /** Announced at once when it appears. */
  urgent?: boolean
  /** Whether this is all that the page shows, so that its title is the page's. */
  page?: boolean
}

/** What a screen shows in place of content: a sign, a sentence, and the way on. */
export function Note({
  icon: Icon,
  title,
  children,
  action,
  tone = 'plain',
  urgent = false,
  page = false,
}: NoteProps) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className={classes.note} data-tone={tone} role={urgent ? 'alert' : undefined}>
      <span className={classes.sign} aria-hidden="true">
        <Icon size={22} strokeWidth={1.8} />
      </span>
      <Title className={classes.title}>{title}</Title>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action}
    </div>
  )
}
