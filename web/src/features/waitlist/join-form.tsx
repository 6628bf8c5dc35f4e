import { Button, Checkbox, Group, MultiSelect, SegmentedControl, Select } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { PatientLine, VisitPlan } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { listName } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import { useWaiting, useWhatToWaitFor } from './use-waitlist'
import classes from './waitlist.module.css'

interface JoinFormProps {
  patient: PatientLine
  onDone: () => void
  onBack: () => void
}

/** What somebody waits for and when they can come. */
export function JoinForm(props: JoinFormProps) {
  return (
    <LoadedView
      loaded={loaded(useWhatToWaitFor())}
      subject="The plan of visits"
      loading={<Waiting rows={4} />}
    >
      {(plan) => <Form {...props} plan={plan} />}
    </LoadedView>
  )
}

const parts: Record<string, [number, number]> = {
  any: [0, 1440],
  mornings: [0, 720],
  afternoons: [720, 1440],
}
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function Form({ patient, plan, onDone, onBack }: JoinFormProps & { plan: VisitPlan }) {
  const [type, setType] = useState(plan.types[0]?.id ?? '')
  const [place, setPlace] = useState(plan.places[0]?.id ?? '')
  const [practitioners, setPractitioners] = useState<string[]>([])
  const [weekdays, setWeekdays] = useState<string[]>([])
  const [part, setPart] = useState('any')
  const { join } = useWaiting()
  return (
    <form
      className={classes.screen}
      onSubmit={(event) => {
        event.preventDefault()
        const [from, to] = parts[part] ?? [0, 1440]
        join.mutate(
          {
            patient: patient.id,
            type,
            place,
            practitioners,
            weekdays: weekdays.map(Number),
            from_minute: from,
            to_minute: to,
          },
          { onSuccess: onDone },
        )
      }}
    >
      <p className={classes.name}>{listName(patient)} waits for</p>
      <Select
        label="Kind of visit"
        allowDeselect={false}
        value={type}
        onChange={(value) => {
          setType(value ?? '')
        }}
        data={plan.types.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        label="Place"
        allowDeselect={false}
        value={place}
        onChange={(value) => {
          setPlace(value ?? '')
        }}
        data={plan.places.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <MultiSelect
        label="Clinicians"
        placeholder={practitioners.length === 0 ? 'Anyone' : ''}
        value={practitioners}
        onChange={setPractitioners}
        data={plan.clinicians.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Checkbox.Group
        label="Days on which they can come"
        description="None chosen: any day"
        value={weekdays}
        onChange={setWeekdays}
      >
        <Group gap="sm" mt={6}>
          {days.map((name, at) => (
            <Checkbox key={name} value={String(at + 1)} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <SegmentedControl
        aria-label="Time of day"
        value={part}
        onChange={setPart}
        data={[
          { value: 'any', label: 'Any time' },
          { value: 'mornings', label: 'Mornings' },
          { value: 'afternoons', label: 'Afternoons' },
        ]}
      />
      {join.isError && (
        <p className={classes.problem} role="alert">
          {asFailure(join.error).message}
        </p>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" loading={join.isPending}>
          Put on the waiting list
        </Button>
      </Group>
    </form>
  )
}
