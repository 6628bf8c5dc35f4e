import { Button } from '@mantine/core'
import { useState } from 'react'
import { loaded } from '../../api/loaded'
import type { OnlineOpening } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { stretch, type BookingWords, type Language } from './booking-words'
import classes from './booking.module.css'
import { cityOf, ownTime } from './own-time'
import { StepFrame } from './step-frame'
import { useOnlineOpenings } from './use-online'

interface TimeStepProps {
  words: BookingWords
  language: Language
  type: { id: string; mode: string; cutoff_minutes: number }
  /** What stands before the times besides until when they can be changed. */
  hint?: string
  visitor: string | undefined
  /** The time that is kept now. */
  chosen: string | undefined
  pending: boolean
  failure: string | null
  onChoose: (opening: OnlineOpening) => void
  onBack: (() => void) | undefined
}

/** Open times by day, by the place's clock; for a video visit also by the visitor's own. */
export function TimeStep(props: TimeStepProps) {
  const { words, type, language } = props
  const [after, setAfter] = useState<string | undefined>(undefined)
  const asked = { type: type.id, language, after, visitor: props.visitor }
  const openings = loaded(useOnlineOpenings(asked))
  const cutoff =
    type.cutoff_minutes === 0 ? words.anytime : words.cutoff(stretch(type.cutoff_minutes, words))
  return (
    <StepFrame
      words={words}
      title={words.time}
      hint={
        <>
          {props.hint !== undefined && <p>{props.hint}</p>}
          <p>{cutoff}</p>
        </>
      }
      failure={props.failure}
      onBack={props.onBack}
    >
      <LoadedView loaded={openings} subject={words.time} loading={<Waiting rows={5} height={52} />}>
        {({ openings: found, more }) => (
          <>
            {found.length === 0 && <p>{words.none}</p>}
            {found[0] !== undefined && (
              <p className={classes.zone}>{words.clock(cityOf(found[0].when.zone))}</p>
            )}
            {byDay(found).map(([day, times]) => (
              <section key={day} className={classes.day}>
                <h2 className={classes.dayTitle}>{day}</h2>
                <ul className={classes.times}>
                  {times.map((one) => (
                    <li key={`${one.when.start}/${one.practitioner}`}>
                      <TimeButton opening={one} {...props} />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {more && (
              <Button
                variant="default"
                size="md"
                onClick={() => {
                  setAfter(found.at(-1)?.when.start)
                }}
              >
                {words.later}
              </Button>
            )}
          </>
        )}
      </LoadedView>
    </StepFrame>
  )
}

function byDay(openings: OnlineOpening[]): [string, OnlineOpening[]][] {
  const days = new Map<string, OnlineOpening[]>()
  for (const one of openings) days.set(one.when.day, [...(days.get(one.when.day) ?? []), one])
  return [...days]
}

function TimeButton(props: TimeStepProps & { opening: OnlineOpening }) {
  const { opening, words, type, language, chosen, pending, onChoose } = props
  const { start, time, zone } = opening.when
  const own = type.mode === 'video' ? ownTime(start, zone, language) : undefined
  return (
    <button
      type="button"
      className={classes.time}
      disabled={pending}
      aria-pressed={chosen === start}
      onClick={() => {
        onChoose(opening)
      }}
    >
      <span className={classes.timeText}>{time}</span>
      <span className={classes.timeWith}>{opening.practitioner_name}</span>
      {own !== undefined && (
        <span className={classes.timeOwn}>({words.own(cityOf(zone), own)})</span>
      )}
    </button>
  )
}
