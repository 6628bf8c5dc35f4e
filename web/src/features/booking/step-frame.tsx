import { Button } from '@mantine/core'
import { ChevronLeft } from 'lucide-react'
import { useEffect, useRef, type ReactNode, type SyntheticEvent } from 'react'
import type { BookingWords } from './booking-words'
import classes from './booking.module.css'

/** What is wrong on a page, and the id of the field it is about. */
export interface Wrong {
  field: string
  words: string
}

interface StepFrameProps {
  words: BookingWords
  title: string
  hint?: ReactNode
  above?: ReactNode
  wrong?: Wrong[]
  failure?: string | null
  next?: string
  pending?: boolean
  onNext?: () => void
  onBack?: (() => void) | undefined
  children?: ReactNode
}

/** One question on a page: its heading has the focus, and what is wrong stands above it. */
export function StepFrame(props: StepFrameProps) {
  const { words, title, hint, above, wrong = [], failure = null, pending = false } = props
  const heading = useRef<HTMLHeadingElement>(null)
  const summary = useRef<HTMLDivElement>(null)
  useEffect(() => {
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [title])
  const count = wrong.length
  useEffect(() => {
    if (count > 0 || failure !== null) summary.current?.focus()
  }, [count, failure, wrong])

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (!pending) props.onNext?.()
  }
  return (
    <div className={classes.step}>
      {props.onBack !== undefined && (
        <button type="button" className={classes.back} onClick={props.onBack}>
          <ChevronLeft size={18} aria-hidden="true" />
          {words.back}
        </button>
      )}
      {(count > 0 || failure !== null) && (
        <div className={classes.summary} role="alert" tabIndex={-1} ref={summary}>
          <h2 className={classes.summaryTitle}>{words.problem}</h2>
          {failure !== null && <p>{failure}</p>}
          <ul>
            {wrong.map((one) => (
              <li key={one.field}>
                <a
                  href={`#${one.field}`}
                  onClick={(event) => {
                    event.preventDefault()
                    document.getElementById(one.field)?.focus()
                  }}
                >
                  {one.words}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      {above}
      <h1 className={classes.title} tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      <form className={classes.form} noValidate onSubmit={submit}>
        {props.children}
        {props.onNext !== undefined && (
          <Button type="submit" size="md" loading={pending} className={classes.next}>
            {props.next ?? words.next}
          </Button>
        )}
      </form>
    </div>
  )
}

/** The sentence about one field, if there is one. */
export function wrongOf(wrong: Wrong[], field: string): string | undefined {
  return wrong.find((one) => one.field === field)?.words
}
