import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { VisitPlan } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import classes from './booking.module.css'
import type { Wish } from './use-booking'
import { toldTime } from './wall-time'

interface ReadBackProps {
  plan: VisitPlan
  wish: Wish
  patientName: string
  /** Whether the visit is stored; until then the time is only kept. */
  booked: boolean
  isHeld: boolean
  pending: boolean
  error: unknown
  onBook: (more: { despite?: string; comment?: string }) => void
  onBack: () => void
  onClose: () => void
}

/** What is read to the patient: day, date, time, zone, place and what to bring. */
export function ReadBack(props: ReadBackProps) {
  const { plan, wish, patientName, booked, isHeld, pending, error, onBook, onBack, onClose } = props
  const [comment, setComment] = useState('')
  const [despite, setDespite] = useState('')
  const type = plan.types.find(({ id }) => id === wish.type)
  const place = plan.places.find(({ id }) => id === wish.place)
  const clinician = plan.clinicians.find(({ id }) => id === wish.practitioner)
  const failure = error === null || error === undefined ? undefined : asFailure(error)
  const isBusy = failure?.code === 'scheduling-patient-busy'
  return (
    <div className={classes.screen}>
      <h3>{booked ? 'Booked: read this back' : 'Read this back, then book'}</h3>
      <dl className={classes.read} aria-label="Read back">
        <dt>When</dt>
        <dd>{toldTime(wish.start, place?.zone ?? 'UTC')}</dd>
        <dt>Who</dt>
        <dd>{patientName}</dd>
        <dt>With</dt>
        <dd>{clinician?.name ?? wish.practitioner}</dd>
        <dt>Visit</dt>
        <dd>
          {type?.name ?? wish.type} · {type?.minutes} minutes{' '}
          {wish.squeeze !== undefined && <Pill tone="amber">Overbooked</Pill>}
        </dd>
        <dt>Where</dt>
        <dd>
          {type?.mode === 'in-person'
            ? [place?.name, place?.address].filter(Boolean).join(', ')
            : `By ${type?.mode ?? 'video'}`}
        </dd>
        <dt>Prepare</dt>
        <dd>{type?.preparation === '' ? 'Nothing to prepare' : type?.preparation}</dd>
        <dt>Change</dt>
        <dd>{cutoffWords(type?.cutoff_minutes ?? 0)}</dd>
      </dl>
      {!booked && (
        <>
          <TextInput
            label="What they come for"
            description="In the patient's own words, if they say"
            maxLength={200}
            value={comment}
            onChange={(event) => {
              setComment(event.currentTarget.value)
            }}
          />
          {isHeld && <p className={classes.facts}>The time is kept for you while this is open.</p>}
          {isBusy && (
            <div className={classes.warning} role="alert">
              <p>{failure.message}</p>
              <TextInput
                label="Why both visits are meant"
                maxLength={200}
                value={despite}
                onChange={(event) => {
                  setDespite(event.currentTarget.value)
                }}
              />
            </div>
          )}
          {failure !== undefined && !isBusy && (
            <p className={classes.problem} role="alert">
              {failure.message}
            </p>
          )}
        </>
      )}
      <Group justify="space-between">
        {booked ? (
          <Button data-autofocus onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={onBack}>
              Other times
            </Button>
            <Button
              loading={pending}
              disabled={isBusy && despite.trim().length < 3}
              onClick={() => {
                onBook({
                  ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
                  ...(isBusy ? { despite: despite.trim() } : {}),
                })
              }}
            >
              {isBusy ? 'Book both anyway' : 'Book'}
            </Button>
          </>
        )}
      </Group>
    </div>
  )
}

function cutoffWords(minutes: number): string {
  if (minutes === 0) return 'Until it begins'
  const hours = minutes / 60
  return `Until ${hours >= 1 ? `${hours} ${hours === 1 ? 'hour' : 'hours'}` : `${minutes} minutes`} before`
}
