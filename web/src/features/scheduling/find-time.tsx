import { Button, Group, SegmentedControl, Select, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { asFailure, type FreeInstead } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { Opening, VisitPlan } from '../../api/shapes'
import { clock, staffDate, weekday } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import classes from './booking.module.css'
import { Overbook } from './overbook'
import type { Wish } from './use-booking'
import { useOpenings, type PartOfDay } from './use-openings'

interface FindTimeProps {
  plan: VisitPlan
  /** A refused time and what is free instead of it. */
  refusal: unknown
  pending: boolean
  onChoose: (wish: Wish) => void
}

const minuteMs = 60_000

/** The first openings of a kind of visit: with anyone or one, at any time of day or a part of it. */
export function FindTime({ plan, refusal, pending, onChoose }: FindTimeProps) {
  const [type, setType] = useState(plan.types[0]?.id ?? '')
  const [practitioner, setPractitioner] = useState<string | null>(null)
  const [place, setPlace] = useState<string | null>(null)
  const [part, setPart] = useState<PartOfDay>('any')
  const [after, setAfter] = useState<string | undefined>()
  const openings = useOpenings({ type, practitioner, place, part, after })
  const first = <T,>(set: (value: T) => void) => {
    return (value: T): void => {
      setAfter(undefined)
      set(value)
    }
  }
  return (
    <div className={classes.screen}>
      <div className={classes.pair}>
        <Select
          label="Kind of visit"
          allowDeselect={false}
          value={type}
          onChange={first((value) => {
            setType(value ?? '')
          })}
          data={plan.types.map(({ id, name, minutes }) => ({
            value: id,
            label: `${name} · ${minutes} min`,
          }))}
        />
        <Select
          label="Clinician"
          placeholder="Any clinician"
          clearable
          clearButtonProps={{ 'aria-label': 'Any clinician' }}
          value={practitioner}
          onChange={first(setPractitioner)}
          data={plan.clinicians.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          label="Place"
          placeholder="Any place"
          clearable
          clearButtonProps={{ 'aria-label': 'Any place' }}
          value={place}
          onChange={first(setPlace)}
          data={plan.places.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </div>
      <SegmentedControl
        aria-label="Time of day"
        value={part}
        onChange={first((value: string) => {
          setPart(value as PartOfDay)
        })}
        data={[
          { value: 'any', label: 'Any time' },
          { value: 'mornings', label: 'Mornings' },
          { value: 'afternoons', label: 'Afternoons' },
        ]}
      />
      {refusal !== null && refusal !== undefined && (
        <Refused refusal={refusal} plan={plan} type={type} onChoose={onChoose} />
      )}
      <LoadedView
        loaded={loaded(openings)}
        subject="The openings"
        loading={<Waiting rows={3} height={52} />}
      >
        {({ openings: found }) => (
          <>
            {found.length === 0 && (
              <p role="status">
                Nothing is free within a year. Ask for another clinician or time of day.
              </p>
            )}
            <ul className={classes.openings} aria-label="Openings">
              {found.map((one) => (
                <li key={`${one.start}-${one.practitioner}-${one.place}`}>
                  <UnstyledButton
                    className={classes.opening}
                    disabled={pending}
                    onClick={() => {
                      onChoose({ ...wishOf(one), type })
                    }}
                  >
                    <span className={classes.when}>{whenOf(one)}</span>
                    <span className={classes.facts}>
                      {one.practitioner_name} · {one.place_name}
                    </span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
            <Group>
              <Button
                variant="default"
                size="compact-md"
                disabled={found.length === 0}
                onClick={() => {
                  const last = found.at(-1)
                  if (last === undefined) return
                  setAfter(new Date(Date.parse(last.start) + minuteMs).toISOString())
                }}
              >
                Later times
              </Button>
              {after !== undefined && (
                <Button
                  variant="subtle"
                  size="compact-md"
                  onClick={() => {
                    setAfter(undefined)
                  }}
                >
                  Back to the first
                </Button>
              )}
            </Group>
          </>
        )}
      </LoadedView>
      <Overbook plan={plan} type={type} onChoose={onChoose} />
    </div>
  )
}

function whenOf({ start, zone, zone_letters: letters }: Opening): string {
  return `${weekday(start, zone)} ${staffDate(start, zone)}, ${clock(start, zone)} ${letters}`
}

function wishOf({ start, practitioner, place }: Opening): Omit<Wish, 'type'> {
  return { start, practitioner, place }
}

interface RefusedProps {
  refusal: unknown
  plan: VisitPlan
  type: string
  onChoose: (wish: Wish) => void
}

/** Why the time could not be had, and what is free near it. */
function Refused({ refusal, plan, type, onChoose }: RefusedProps) {
  const failure = asFailure(refusal)
  const words = ({ start, practitioner, place }: FreeInstead): string => {
    const where = plan.places.find(({ id }) => id === place)
    const zone = where?.zone ?? 'UTC'
    const who = plan.clinicians.find(({ id }) => id === practitioner)?.name ?? practitioner
    return `${weekday(start, zone)} ${staffDate(start, zone)}, ${clock(start, zone)} · ${who}`
  }
  return (
    <div className={classes.warning} role="alert">
      <p>{failure.message}</p>
      {failure.instead.length > 0 && (
        <Group gap="xs" role="group" aria-label="Free instead">
          {failure.instead.map((one) => (
            <Button
              key={`${one.start}-${one.practitioner}`}
              size="compact-md"
              variant="default"
              onClick={() => {
                onChoose({ ...one, type })
              }}
            >
              {words(one)}
            </Button>
          ))}
        </Group>
      )}
    </div>
  )
}
