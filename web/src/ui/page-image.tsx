import { Button, Skeleton } from '@mantine/core'
import { FileX } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Box } from '../api/shapes'
import { Note } from './note'
import classes from './page-image.module.css'

/** A place on the page that something was read from. */
export interface PageMark {
  key: string
  box: Box
  /** Violet for what AI read, amber for what must be checked, green once checked, grey dashed. */
  tone: 'ai' | 'check' | 'done' | 'unreadable'
  chosen: boolean
}

/** Thousandths of the page between the letters and their box. */
const air = 5

interface PageImageProps {
  src: string
  alt: string
  marks?: PageMark[]
  onMark?: (key: string) => void
}

/** A page of a document with every value that was read from it boxed in place. */
export function PageImage({ src, alt, marks = [], onMark }: PageImageProps) {
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const [attempt, setAttempt] = useState(0)
  const [widest, setWidest] = useState<number | undefined>(undefined)
  const chosen = useRef<SVGRectElement>(null)
  const chosenKey = marks.find((mark) => mark.chosen)?.key

  useEffect(() => {
    if (state === 'ready' && chosenKey !== undefined)
      chosen.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [state, chosenKey])

  if (state === 'failed')
    return (
      <Note
        icon={FileX}
        tone="red"
        urgent
        title="The page could not be shown"
        action={
          <Button
            variant="default"
            onClick={() => {
              setAttempt(attempt + 1)
              setState('loading')
            }}
          >
            Try again
          </Button>
        }
      />
    )
  return (
    <div className={classes.page} data-state={state} style={{ maxWidth: widest }}>
      {state === 'loading' && <Skeleton className={classes.skeleton} />}
      <img
        key={attempt}
        className={classes.image}
        src={src}
        alt={alt}
        onLoad={({ currentTarget: { naturalWidth } }) => {
          // A page is not blown up: a few words of text would fill the screen.
          if (naturalWidth > 0) setWidest(naturalWidth)
          setState('ready')
        }}
        onError={() => {
          setState('failed')
        }}
      />
      {state === 'ready' && (
        // Every box is also a row of the table beside it, which the keyboard reaches.
        <svg
          className={classes.marks}
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {marks.map(({ key, box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0], tone, chosen: isChosen }) => (
            <rect
              key={key}
              ref={isChosen ? chosen : null}
              className={classes.mark}
              data-tone={tone}
              data-chosen={isChosen || undefined}
              x={x0 * 1000 - air}
              y={y0 * 1000 - air}
              width={(x1 - x0) * 1000 + air * 2}
              height={(y1 - y0) * 1000 + air * 2}
              onClick={() => onMark?.(key)}
            />
          ))}
        </svg>
      )}
    </div>
  )
}
