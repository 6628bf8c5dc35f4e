import { Button, Group, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { EnteredLeave, Stranded, VisitPlan } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { clock, staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { listName } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import classes from './leave.module.css'
import { useClinicians, useLeave, type How, type Settlement } from './use-leave'

interface LeaveScreenProps {
  /** The one clinician whose leave may be entered; everyone's where it is not given. */
  only?: string | undefined
  /** Turns a day and minutes of it into the instant by the clinic's clock. */
  instantAt: (day: string, minutes: number, zone: string) => string | undefined
  minutesTyped: (time: string) => number | undefined
}

/** A clinician is away: what that strands, what is done about each visit, and taking it back. */
export function LeaveScreen(props: LeaveScreenProps) {
  return (
    <div className={classes.page}>
      <h1>Leave</h1>
      <LoadedView
        loaded={loaded(useClinicians())}
        subject="The list of clinicians"
        loading={<Waiting rows={4} />}
      >
        {(plan) => <Entering {...props} plan={plan} />}
      </LoadedView>
    </div>
  )
}

function Entering({ plan, only, instantAt, minutesTyped }: LeaveScreenProps & { plan: VisitPlan }) {
  const { zone } = useClinic()
  const offered = plan.clinicians.filter(({ id }) => only === undefined || id === only)
  const [practitioner, setPractitioner] = useState(offered[0]?.id ?? null)
  const [from, setFrom] = useState({ day: '', time: '00:00' })
  const [to, setTo] = useState({ day: '', time: '23:59' })
  const [settlements, setSettlements] = useState<Settlement[] | undefined>()
  const { preview, enter, undo, undoOne } = useLeave()
  const instant = ({ day, time }: { day: string; time: string }) => {
    const minutes = minutesTyped(time)
    return day === '' || minutes === undefined ? undefined : instantAt(day, minutes, zone)
  }
  const [begin, end] = [instant(from), instant(to)]
  const isWhole = practitioner !== null && begin !== undefined && end !== undefined && begin < end
  const fresh = (): void => {
    setSettlements(undefined)
    enter.reset()
    undo.reset()
    undoOne.reset()
  }
  const look = (): void => {
    if (!isWhole) return
    fresh()
    preview.mutate(
      { practitioner, begin, end },
      {
        onSuccess: (visits) => {
          setSettlements(visits.map((stranded) => ({ stranded, how: stranded.how })))
        },
      },
    )
  }
  const failure = preview.error ?? enter.error ?? undo.error ?? undoOne.error
  const entered = enter.data
  return (
    <>
      <Card title="Who is away, and when">
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            look()
          }}
        >
          <Select
            label="Clinician"
            allowDeselect={false}
            value={practitioner}
            onChange={(value) => {
              fresh()
              setPractitioner(value)
            }}
            data={offered.map(({ id, name }) => ({ value: id, label: name }))}
          />
          {[
            { label: 'From', value: from, set: setFrom },
            { label: 'Until', value: to, set: setTo },
          ].map(({ label, value, set }) => (
            <Group key={label} gap="xs" wrap="nowrap" align="end">
              <TextInput
                label={`${label}, day`}
                type="date"
                style={{ flex: 1 }}
                value={value.day}
                onChange={(event) => {
                  fresh()
                  set({ ...value, day: event.currentTarget.value })
                }}
              />
              <TextInput
                label={`${label}, time`}
                style={{ flex: 'none', width: 100 }}
                value={value.time}
                onChange={(event) => {
                  fresh()
                  set({ ...value, time: event.currentTarget.value })
                }}
              />
            </Group>
          ))}
          <Button type="submit" variant="light" disabled={!isWhole} loading={preview.isPending}>
            See what it strands
          </Button>
        </form>
      </Card>
      {failure !== null && (
        <p className={classes.problem} role="alert">
          {asFailure(failure).message}
        </p>
      )}
      {settlements !== undefined && (
        <Card
          title={settlements.length === 1 ? '1 visit in it' : `${settlements.length} visits in it`}
          aside="Nothing is stored or sent before you apply it"
        >
          <ul className={classes.list} aria-label="Visits in the leave">
            {settlements.map(({ stranded, how }) => (
              <StrandedRow
                key={stranded.visit}
                plan={plan}
                stranded={stranded}
                how={how}
                settled={entered !== undefined}
                isBack={isTakenBack(undoOne.data?.data, stranded.visit) || undo.isSuccess}
                onHow={(next) => {
                  setSettlements(
                    settlements.map((one) =>
                      one.stranded.visit === stranded.visit ? { ...one, how: next } : one,
                    ),
                  )
                }}
                onUndo={() => {
                  if (entered !== undefined && practitioner !== null)
                    undoOne.mutate({ practitioner, absence: entered.id, visit: stranded.visit })
                }}
              />
            ))}
          </ul>
          {settlements.length === 0 && <p>No visit is in this time.</p>}
          <Group justify="flex-end" mt="sm">
            {entered === undefined ? (
              <Button
                loading={enter.isPending}
                onClick={() => {
                  if (isWhole) enter.mutate({ practitioner, begin, end, settlements })
                }}
              >
                Enter the leave and apply
              </Button>
            ) : (
              <>
                <p role="status">
                  {undo.isSuccess
                    ? 'The leave is taken back; the visits are what they were.'
                    : `Entered. It can be taken back until ${clock(entered.undoable_until, zone)}; patients are told after that.`}
                </p>
                {!undo.isSuccess && (
                  <Button
                    variant="default"
                    loading={undo.isPending}
                    onClick={() => {
                      if (practitioner !== null) undo.mutate({ practitioner, absence: entered.id })
                    }}
                  >
                    Take the leave back
                  </Button>
                )}
              </>
            )}
          </Group>
        </Card>
      )}
    </>
  )
}

function isTakenBack(absence: EnteredLeave | undefined, visit: string): boolean {
  return (absence?.settled ?? []).some((one) => one.visit === visit && one.taken_back === true)
}

interface StrandedRowProps {
  plan: VisitPlan
  stranded: Stranded
  how: How
  settled: boolean
  isBack: boolean
  onHow: (how: How) => void
  onUndo: () => void
}

function StrandedRow(props: StrandedRowProps) {
  const { plan, stranded, how, settled, isBack, onHow, onUndo } = props
  const { zone } = useClinic()
  const name = stranded.person === null ? 'Not on record any more' : listName(stranded.person)
  const choices = choicesOf(stranded, plan, zone)
  return (
    <li>
      <span>
        <span className={classes.name}>{name}</span>
        <br />
        <span className={classes.facts}>
          {stranded.start === null ? 'No time' : staffInstant(stranded.start, zone)}
        </span>
      </span>
      {settled ? (
        <Group justify="flex-end" gap="xs">
          <span>{isBack ? 'Taken back' : choices.find(({ value }) => value === how)?.label}</span>
          {!isBack && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Take back: ${name}`}
              onClick={onUndo}
            >
              Take back
            </Button>
          )}
        </Group>
      ) : (
        <Select
          aria-label={`What is done about ${name}`}
          allowDeselect={false}
          value={how}
          onChange={(value) => {
            if (value !== null) onHow(value)
          }}
          data={choices}
        />
      )}
    </li>
  )
}

/** What can be done about a visit: what was proposed, and what always can. */
function choicesOf(one: Stranded, plan: VisitPlan, zone: string): { value: How; label: string }[] {
  const who = plan.clinicians.find(({ id }) => id === one.practitioner)?.name ?? 'a colleague'
  const when = one.to_start === null ? '' : staffInstant(one.to_start, zone)
  const proposed: Partial<Record<How, string>> = {
    colleague: `Same time with ${who}`,
    'other-time': `${when}, ${who}`,
    choose: `Patient chooses from ${one.times.length} times`,
  }
  const label = proposed[one.how]
  return [
    ...(label === undefined ? [] : [{ value: one.how, label }]),
    { value: 'telephone', label: 'Call the patient' },
    { value: 'cancel', label: 'Cancel the visit' },
  ]
}
