import { Button, Collapse, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { VisitPlan } from '../../api/shapes'
import classes from './booking.module.css'
import type { Wish } from './use-booking'
import { instantAt, minutesTyped } from './wall-time'

interface OverbookProps {
  plan: VisitPlan
  type: string
  onChoose: (wish: Wish) => void
}

/** One labelled action: a taken time on purpose, with a reason; the clinic's cap still holds. */
export function Overbook({ plan, type, onChoose }: OverbookProps) {
  const [isOpen, { toggle }] = useDisclosure(false)
  const [practitioner, setPractitioner] = useState<string | null>(null)
  const [place, setPlace] = useState<string | null>(plan.places[0]?.id ?? null)
  const [day, setDay] = useState('')
  const [time, setTime] = useState('')
  const [reason, setReason] = useState('')
  const zone = plan.places.find(({ id }) => id === place)?.zone
  const minutes = minutesTyped(time)
  const start =
    day === '' || minutes === undefined || zone === undefined
      ? undefined
      : instantAt(day, minutes, zone)
  const isWhole =
    practitioner !== null && place !== null && start !== undefined && reason.trim().length >= 3
  return (
    <section>
      <Button variant="subtle" size="compact-md" aria-expanded={isOpen} onClick={toggle}>
        Overbook a taken time
      </Button>
      <Collapse expanded={isOpen}>
        <div className={classes.warning}>
          <div className={classes.pair}>
            <Select
              label="Clinician to overbook"
              value={practitioner}
              onChange={setPractitioner}
              data={plan.clinicians.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <Select
              label="Place of the visit"
              allowDeselect={false}
              value={place}
              onChange={setPlace}
              data={plan.places.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <TextInput
              label="Day"
              type="date"
              value={day}
              onChange={(event) => {
                setDay(event.currentTarget.value)
              }}
            />
            <TextInput
              label="Time"
              placeholder="09:20"
              value={time}
              error={
                minutes !== undefined && day !== '' && start === undefined
                  ? 'The clocks skip this time.'
                  : null
              }
              onChange={(event) => {
                setTime(event.currentTarget.value)
              }}
            />
          </div>
          <TextInput
            label="Why it cannot wait"
            description="Kept with the visit, which is marked on the board"
            maxLength={200}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value)
            }}
          />
          <Button
            color="orange.9"
            disabled={!isWhole}
            onClick={() => {
              if (practitioner === null || place === null || start === undefined) return
              onChoose({ type, practitioner, place, start, squeeze: reason.trim() })
            }}
          >
            Overbook this time
          </Button>
        </div>
      </Collapse>
    </section>
  )
}
