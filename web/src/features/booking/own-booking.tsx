import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { OnlineOpening, OwnVisit } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { stretch, wordsIn } from './booking-words'
import classes from './booking.module.css'
import { ChoiceList } from './choice-list'
import { StepFrame } from './step-frame'
import { TimeStep } from './time-step'
import { usePlan, useTakeTime } from './use-own-visits'

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
            type={chosen}
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
  type: { id: string; name: string; mode: string; cutoff_minutes: number }
  moving: OwnVisit | undefined
  onBack: () => void
}

interface Chosen {
  opening: OnlineOpening
  /** Made when the time was chosen, so that pressing twice books once. */
  key: string
}

/** Choose a time, see it once more, and say that it is meant. */
function Times({ type, moving, onBack }: TimesProps) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const taking = useTakeTime(moving)
  if (chosen === null)
    return (
      <TimeStep
        words={words}
        language="en"
        type={type}
        visitor={undefined}
        chosen={undefined}
        pending={false}
        failure={null}
        {...(moving === undefined ? {} : { hint: `Your visit is now on ${moving.text}.` })}
        onBack={moving === undefined ? onBack : undefined}
        onChoose={(opening) => {
          taking.reset()
          setChosen({ opening, key: `own-${opening.when.start}-${Date.now()}` })
        }}
      />
    )
  const { opening, key } = chosen
  const { practitioner, place, when } = opening
  if (taking.isSuccess)
    return (
      <StepFrame words={words} title={moving === undefined ? words.done : 'Your visit is moved'}>
        <p className={classes.visitWhen}>{when.text}</p>
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
      title={moving === undefined ? 'Book this time?' : 'Move your visit here?'}
      failure={taking.error === null ? null : asFailure(taking.error).message}
      next={moving === undefined ? 'Book this time' : 'Move to this time'}
      pending={taking.isPending}
      onNext={() => {
        taking.mutate({ time: { type: type.id, place, practitioner, start: when.start }, key })
      }}
      onBack={() => {
        setChosen(null)
      }}
    >
      <dl className={classes.facts}>
        <dt>{words.what}</dt>
        <dd>{type.name}</dd>
        <dt>{words.when}</dt>
        <dd>{when.text}</dd>
        <dt>{words.with}</dt>
        <dd>{opening.practitioner_name}</dd>
      </dl>
    </StepFrame>
  )
}
