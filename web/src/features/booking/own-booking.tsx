import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { OwnVisit } from '../../api/shapes'
import { patientTime, patientWeekdayDate } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { stretch, wordsIn } from './booking-words'
import classes from './booking.module.css'
import { ChoiceList } from './choice-list'
import { cityOf, ownTime } from './own-time'
import { StepFrame } from './step-frame'
import { useOwnOpenings, usePlan, useTakeTime, type OwnTime } from './use-own-visits'

interface OwnBookingProps {
  /** The visit that gets another time, if it is not a new one. */
  moving: OwnVisit | undefined
}

const words = wordsIn('en')

/** Book in the portal, or give a visit another time: kind, time, and one button that means it. */
export function OwnBooking({ moving }: OwnBookingProps) {
  const [type, setType] = useState(moving?.type ?? '')
  const [asked, setAsked] = useState(moving !== undefined)
  const plan = loaded(usePlan())
  return (
    <LoadedView page loaded={plan} subject="Booking" loading={<Waiting rows={4} height={70} />}>
      {({ types }) => {
        const chosen = types.find((one) => one.id === type)
        if (!asked || chosen === undefined)
          return (
            <StepFrame
              words={words}
              title={words.kind}
              onNext={() => {
                setAsked(type !== '')
              }}
            >
              <ChoiceList
                name="kind"
                label={words.kind}
                value={type}
                onChoose={setType}
                choices={types.map((one) => ({
                  value: one.id,
                  label: one.name,
                  more: (
                    <span className={classes.choiceMore}>
                      {words.minutes(one.minutes)}.{' '}
                      {one.cutoff_minutes === 0
                        ? words.anytime
                        : words.cutoff(stretch(one.cutoff_minutes, words))}
                    </span>
                  ),
                }))}
              />
            </StepFrame>
          )
        return (
          <Times
            type={chosen.id}
            isVideo={chosen.mode === 'video'}
            moving={moving}
            onBack={() => {
              setAsked(false)
            }}
          />
        )
      }}
    </LoadedView>
  )
}

interface TimesProps {
  type: string
  isVideo: boolean
  moving: OwnVisit | undefined
  onBack: () => void
}

interface Chosen {
  time: OwnTime
  words: string
  key: string
}

function Times({ type, isVideo, moving, onBack }: TimesProps) {
  const [after, setAfter] = useState<string | undefined>(undefined)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const openings = loaded(useOwnOpenings(type, after))
  const taking = useTakeTime(moving)
  if (taking.isSuccess && chosen !== null)
    return (
      <StepFrame words={words} title={moving === undefined ? words.done : 'Your visit is moved'}>
        <p className={classes.visitWhen}>{chosen.words}</p>
        <div>
          <Button component={Link} to="/portal/visits" size="md">
            See your visits
          </Button>
        </div>
      </StepFrame>
    )
  return (
    <StepFrame
      words={words}
      title={words.time}
      {...(moving === undefined ? {} : { hint: <p>Your visit is now on {moving.text}.</p> })}
      failure={taking.error === null ? null : asFailure(taking.error).message}
      onBack={moving === undefined ? onBack : undefined}
    >
      <LoadedView
        loaded={openings}
        subject="The open times"
        loading={<Waiting rows={5} height={52} />}
      >
        {({ openings: found }) => (
          <>
            {found.length === 0 && <p>{words.none}</p>}
            <ul className={classes.times}>
              {found.map((one) => {
                const day = patientWeekdayDate(one.start, one.zone)
                const time = patientTime(one.start, one.zone)
                const own = isVideo ? ownTime(one.start, one.zone, 'en') : undefined
                const { practitioner, place, start } = one
                return (
                  <li key={`${start}/${practitioner}`}>
                    <button
                      type="button"
                      className={classes.time}
                      aria-pressed={chosen?.time.start === start}
                      onClick={() => {
                        setChosen({
                          time: { type, place, practitioner, start },
                          words: `${day}, ${time}`,
                          key: `own-${type}-${start}-${Date.now()}`,
                        })
                      }}
                    >
                      <span className={classes.timeText}>
                        {day}, {time}
                      </span>
                      <span className={classes.timeWith}>{one.practitioner_name}</span>
                      {own !== undefined && (
                        <span className={classes.timeOwn}>
                          ({words.own(cityOf(one.zone), own)})
                        </span>
                      )}
                    </button>
                  </li>
                )
              })}
            </ul>
            <div className={classes.acts}>
              {chosen !== null && (
                <Button
                  size="md"
                  loading={taking.isPending}
                  onClick={() => {
                    taking.mutate(chosen)
                  }}
                >
                  {moving === undefined ? 'Book this time' : 'Move to this time'}
                </Button>
              )}
              <Button
                size="md"
                variant="default"
                onClick={() => {
                  setAfter(found.at(-1)?.start)
                }}
              >
                {words.later}
              </Button>
            </div>
          </>
        )}
      </LoadedView>
    </StepFrame>
  )
}
