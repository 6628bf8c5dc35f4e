import { Button, Modal, SegmentedControl, Select, TextInput, UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Day, Visit } from '../../api/shapes'
import { calendarDay, clock } from '../../ui/dates'
import { listName } from '../../ui/person-name'
import { useTickingNow } from '../../ui/use-ticking-now'
import classes from './day-calendar.module.css'
import { columnsOf, type Column, type ColumnsBy } from './day-columns'
import { useLiveVisits } from './use-live-visits'
import { moveRefusal, useMove } from './use-move'
import { useVisitPlan } from './use-openings'
import { instantAt, minuteOfDay, minutesTyped, timeOf } from './wall-time'

const pxPerMinute = 1.7
const stepMinutes = 10
const undoForMs = 10_000
const movable = new Set(['requested', 'booked', 'confirmed'])

interface Said {
  words: string
  refused: boolean
  /** Back to where the visit was, while that is offered. */
  undo?: () => void
}

/** The day in columns: visits are dragged, or moved by a form that needs no mouse. */
export function DayCalendar({ day }: { day: Day }) {
  const [by, setBy] = useState<ColumnsBy>('clinicians')
  const [said, setSaid] = useState<Said | undefined>()
  const [asked, setAsked] = useState<Visit | undefined>()
  const plan = useVisitPlan().data
  const move = useMove()
  const now = useTickingNow(day.now)
  useLiveVisits()
  useEffect(() => {
    if (said?.undo === undefined) return
    const timer = setTimeout(() => {
      setSaid({ words: said.words, refused: false })
    }, undoForMs)
    return () => {
      clearTimeout(timer)
    }
  }, [said])

  const columns = columnsOf(day, by, plan?.clinicians ?? [])
  const all = columns.flatMap(({ placed }) => placed)
  const first = Math.floor(Math.min(480, ...all.map(({ begin }) => begin)) / 60) * 60
  const last = Math.ceil(Math.max(1020, ...all.map(({ end }) => end)) / 60) * 60
  const hours = Array.from({ length: (last - first) / 60 }, (_, at) => first + at * 60)
  const top = (minutes: number) => (minutes - first) * pxPerMinute
  const isToday = calendarDay(now, day.zone) === day.date

  const take = (visit: Visit, minutes: number, practitioner: string | null): void => {
    const start = instantAt(day.date, minutes, day.zone)
    if (start === undefined) {
      setSaid({ words: 'The clocks skip this time: choose another.', refused: true })
      return
    }
    const was = { start: visit.start, practitioner: visit.practitioner?.id ?? null }
    const name = listName(visit.patient)
    move.mutate(
      { id: visit.id, version: visit.version, start, practitioner },
      {
        onSuccess: (stored) => {
          const words = `${name}: moved to ${timeOf(minutes)}.`
          if (stored === undefined) return
          const undo = () => {
            move.mutate(
              { id: visit.id, version: stored.version, ...was },
              {
                onSuccess: () => {
                  setSaid({
                    words: `${name}: back at ${clock(was.start, day.zone)}.`,
                    refused: false,
                  })
                },
                onError: refuse(visit),
              },
            )
          }
          setSaid({ words, refused: false, undo })
        },
        onError: refuse(visit),
      },
    )
  }
  const refuse = (visit: Visit) => (error: unknown) => {
    void moveRefusal(error, visit.id, day.zone).then((words) => {
      setSaid({ words: `${listName(visit.patient)}: ${words}`, refused: true })
    })
  }
  const dropped = (id: string, y: number, column: Column): void => {
    const found = all.find(({ visit }) => visit.id === id)?.visit
    if (found === undefined || !movable.has(found.stage)) return
    const minutes = first + Math.round(y / pxPerMinute / stepMinutes) * stepMinutes
    take(found, minutes, column.practitioner ?? found.practitioner?.id ?? null)
  }

  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Columns"
          value={by}
          onChange={(value) => {
            setBy(value)
          }}
          data={[
            { value: 'clinicians', label: 'Clinicians' },
            { value: 'rooms', label: 'Rooms' },
          ]}
        />
        <div className={classes.said} role="status" data-refused={said?.refused ?? false}>
          {said?.words ?? 'Drag a visit, or press it to move it.'}
          {said?.undo !== undefined && (
            <Button size="compact-sm" variant="default" onClick={said.undo}>
              Undo the move
            </Button>
          )}
        </div>
      </div>
      <div className={classes.frame} tabIndex={0} role="region" aria-label="Calendar of the day">
        <div
          className={classes.grid}
          style={{ gridTemplateColumns: `56px repeat(${columns.length}, minmax(200px, 1fr))` }}
        >
          <span className={classes.head} />
          {columns.map((column) => (
            <h2 key={column.name} className={classes.head}>
              {column.name}
            </h2>
          ))}
          <div className={classes.hours} style={{ height: top(last) }} aria-hidden="true">
            {hours.slice(1).map((minutes) => (
              <span key={minutes} style={{ top: top(minutes) }}>
                {timeOf(minutes)}
              </span>
            ))}
          </div>
          {columns.map((column) => (
            <div
              key={column.name}
              className={classes.column}
              role="group"
              aria-label={column.name}
              style={{ height: top(last), ['--scale' as string]: pxPerMinute }}
              onDragOver={(event) => {
                event.preventDefault()
              }}
              onDrop={(event) => {
                event.preventDefault()
                const [id, grip] = event.dataTransfer.getData('text/plain').split('|')
                const box = event.currentTarget.getBoundingClientRect()
                dropped(id ?? '', event.clientY - box.top - Number(grip), column)
              }}
            >
              {isToday && (
                <div
                  className={classes.now}
                  style={{ top: top(minuteOfDay(now.toISOString(), day.zone)) }}
                />
              )}
              {column.placed.map(({ visit, begin, end, lane, lanes }) => (
                <UnstyledButton
                  key={visit.id}
                  className={classes.visit}
                  draggable={movable.has(visit.stage)}
                  data-over={!movable.has(visit.stage) || undefined}
                  style={{
                    top: top(begin),
                    height: (end - begin) * pxPerMinute - 2,
                    left: `calc(${(lane / lanes) * 100}% + 3px)`,
                    width: `calc(${100 / lanes}% - 6px)`,
                  }}
                  onDragStart={(event) => {
                    const grip = event.clientY - event.currentTarget.getBoundingClientRect().top
                    event.dataTransfer.setData('text/plain', `${visit.id}|${grip}`)
                  }}
                  onClick={() => {
                    if (movable.has(visit.stage)) setAsked(visit)
                    else
                      setSaid({
                        words: `${listName(visit.patient)}: ${visit.status_text}.`,
                        refused: false,
                      })
                  }}
                >
                  {timeOf(begin)} <b>{listName(visit.patient)}</b>
                  {visit.squeezed && ' · Squeezed in'}
                  {end - begin >= 30 && <br />}
                  {end - begin >= 30 && visit.reason}
                </UnstyledButton>
              ))}
            </div>
          ))}
        </div>
      </div>
      {asked !== undefined && (
        <MoveForm
          visit={asked}
          day={day}
          clinicians={plan?.clinicians ?? []}
          onClose={() => {
            setAsked(undefined)
          }}
          onMove={(minutes, practitioner) => {
            take(asked, minutes, practitioner)
            setAsked(undefined)
          }}
        />
      )}
    </>
  )
}

interface MoveFormProps {
  visit: Visit
  day: Day
  clinicians: readonly { id: string; name: string }[]
  onClose: () => void
  onMove: (minutes: number, practitioner: string | null) => void
}

/** Another time or clinician by the keyboard: the equal of a drag. */
function MoveForm({ visit, day, clinicians, onClose, onMove }: MoveFormProps) {
  const [time, setTime] = useState(clock(visit.start, day.zone))
  const [practitioner, setPractitioner] = useState(visit.practitioner?.id ?? null)
  const minutes = minutesTyped(time)
  return (
    <Modal opened onClose={onClose} centered title={`Move ${listName(visit.patient)}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (minutes !== undefined) onMove(minutes, practitioner)
        }}
      >
        <TextInput
          label="New time"
          data-autofocus
          value={time}
          error={minutes === undefined ? 'Write it as 09:20.' : null}
          onChange={(event) => {
            setTime(event.currentTarget.value)
          }}
        />
        <Select
          label="Clinician"
          allowDeselect={false}
          value={practitioner}
          onChange={setPractitioner}
          data={clinicians.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button type="submit" disabled={minutes === undefined}>
          Move the visit
        </Button>
      </form>
    </Modal>
  )
}
