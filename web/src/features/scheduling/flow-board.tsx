import { Button } from '@mantine/core'
import { CalendarOff, Printer } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Day, Visit } from '../../api/shapes'
import { listName } from '../../ui/person-name'
import { Note } from '../../ui/note'
import { ReasonDialog } from '../../ui/reason-dialog'
import { useTickingNow } from '../../ui/use-ticking-now'
import classes from './flow-board.module.css'
import { FlowRow } from './flow-row'
import { FlowTiles } from './flow-tiles'
import { useBoardKeys } from './use-board-keys'
import { useLiveVisits } from './use-live-visits'
import { useRooms } from './use-rooms'
import { refusalOf, useVisitSteps } from './use-visit-steps'
import { inGroup, stageWords, type Group, type VisitStep } from './visit-steps'

/** What waits for a reason: a visit to cancel, or a step to take back. */
interface Asked {
  visit: Visit
  act: 'cancel' | 'undo'
}

/** The front desk's board: who is expected, who is here, and the next step of each visit. */
export function FlowBoard({ day }: { day: Day }) {
  const now = useTickingNow(day.now)
  const rooms = useRooms()
  const { step, undo } = useVisitSteps()
  const [group, setGroup] = useState<Group | undefined>()
  const [said, setSaid] = useState<{ words: string; refused: boolean } | undefined>()
  const [asked, setAsked] = useState<Asked | undefined>()
  const [roomsOf, setRoomsOf] = useState<string | undefined>()
  const list = useRef<HTMLOListElement>(null)
  useLiveVisits()
  const visits = group === undefined ? day.visits : inGroup(day.visits, group, now)

  const tell = {
    onError: (error: unknown) => {
      setSaid({ words: refusalOf(error, day), refused: true })
    },
  }
  const take = (visit: Visit, next: VisitStep, room?: string): void => {
    if (next.stage === 'cancelled') setAsked({ visit, act: 'cancel' })
    else if (next.stage === 'roomed' && room === undefined) setRoomsOf(visit.id)
    else
      step.mutate(
        { visit, stage: next.stage, ...(room === undefined ? {} : { room }) },
        {
          ...tell,
          onSuccess: () => {
            setSaid({ words: `${listName(visit.patient)}: ${next.label}.`, refused: false })
          },
        },
      )
  }
  const giveReason = (reason: string): void => {
    if (asked === undefined) return
    const { visit, act } = asked
    const after = {
      ...tell,
      onSuccess: () => {
        const words = act === 'cancel' ? 'visit cancelled.' : 'last step taken back.'
        setSaid({ words: `${listName(visit.patient)}: ${words}`, refused: false })
      },
      onSettled: () => {
        setAsked(undefined)
      },
    }
    if (act === 'cancel') step.mutate({ visit, stage: 'cancelled', reason }, after)
    else undo.mutate({ visit, reason }, after)
  }
  useBoardKeys(list, visits, take)

  return (
    <>
      <FlowTiles visits={day.visits} now={now} chosen={group} onChoose={setGroup} />
      <div className={classes.told}>
        <p className={classes.said} role="status" data-refused={said?.refused ?? false}>
          {said?.words}
        </p>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Printer size={14} aria-hidden="true" />}
          onClick={() => {
            window.print()
          }}
        >
          Print the day
        </Button>
      </div>
      {visits.length === 0 ? (
        <Note icon={CalendarOff} title="No visits here">
          Choose another tile or another day above.
        </Note>
      ) : (
        <ol className={classes.list} ref={list} tabIndex={0} aria-label="Visits">
          {visits.map((visit) => (
            <FlowRow
              key={visit.id}
              visit={visit}
              words={stageWords(visit, now)}
              rooms={rooms}
              roomsOpen={roomsOf === visit.id}
              onRooms={(open) => {
                setRoomsOf(open ? visit.id : undefined)
              }}
              onStep={(next, room) => {
                take(visit, next, room)
              }}
              onUndo={() => {
                setAsked({ visit, act: 'undo' })
              }}
            />
          ))}
        </ol>
      )}
      <p className={classes.keys}>
        <kbd>J</kbd> <kbd>K</kbd> move · <kbd>Enter</kbd> next step · <kbd>A</kbd> arrived ·{' '}
        <kbd>R</kbd> room · <kbd>D</kbd> done
      </p>
      {asked !== undefined && (
        <ReasonDialog
          opened
          title={`${asked.act === 'cancel' ? 'Cancel the visit' : 'Undo the last step'}: ${listName(asked.visit.patient)}`}
          explanation={
            asked.act === 'cancel'
              ? 'Its time is free for others at once.'
              : 'The visit goes back to where it was before.'
          }
          act={asked.act === 'cancel' ? 'Cancel visit' : 'Undo step'}
          maxLength={200}
          pending={step.isPending || undo.isPending}
          failure={null}
          onClose={() => {
            setAsked(undefined)
          }}
          onReason={giveReason}
        />
      )}
    </>
  )
}
