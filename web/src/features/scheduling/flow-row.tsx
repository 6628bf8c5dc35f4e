import { ActionIcon, Button, Menu } from '@mantine/core'
import { ChevronDown, EllipsisVertical } from 'lucide-react'
import type { Visit } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { clock } from '../../ui/dates'
import { listName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import classes from './flow-board.module.css'
import type { Room } from './use-rooms'
import { visitTone } from './visit-state'
import { mayUndo, stepsOf, type VisitStep } from './visit-steps'

interface FlowRowProps {
  visit: Visit
  /** Where it stands, with its timer. */
  words: string
  rooms: readonly Room[]
  roomsOpen: boolean
  onRooms: (open: boolean) => void
  onStep: (step: VisitStep, room?: string) => void
  onUndo: () => void
}

/** One visit: when, who, why, where it stands, and what may be done next. */
export function FlowRow(props: FlowRowProps) {
  const { visit, words, onStep } = props
  const { zone } = useClinic()
  const name = listName(visit.patient)
  return (
    <li className={classes.row} data-visit={visit.id} tabIndex={-1} aria-label={name}>
      <time className={classes.time} dateTime={visit.start}>
        {clock(visit.start, zone)}
      </time>
      <div className={classes.what}>
        <span className={classes.name} data-cancelled={visit.stage === 'cancelled' || undefined}>
          {name}
        </span>
        <span className={classes.reason}>
          {[visit.reason, visit.practitioner?.name].filter(Boolean).join(' · ')}
        </span>
      </div>
      <div className={classes.state}>
        <Pill tone={visitTone(visit.status)}>{words}</Pill>
        {visit.squeezed && <Pill tone="amber">Squeezed in</Pill>}
      </div>
      <div className={classes.steps}>
        {stepsOf(visit).shown.map((step, at) =>
          step.stage === 'roomed' ? (
            <RoomMenu key={step.stage} step={step} {...props} />
          ) : (
            <Button
              key={step.stage}
              size="compact-sm"
              variant={at === 0 ? 'light' : 'default'}
              aria-label={`${step.label}: ${name}`}
              onClick={() => {
                onStep(step)
              }}
            >
              {step.label}
            </Button>
          ),
        )}
        <MoreMenu {...props} />
      </div>
    </li>
  )
}

function RoomMenu({
  step,
  visit,
  rooms,
  roomsOpen,
  onRooms,
  onStep,
}: FlowRowProps & { step: VisitStep }) {
  return (
    <Menu opened={roomsOpen} onChange={onRooms} position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="light"
          aria-label={`${step.label}: ${listName(visit.patient)}`}
          rightSection={<ChevronDown size={14} aria-hidden="true" />}
        >
          {step.label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {rooms.length === 0 && <Menu.Item disabled>No rooms are known</Menu.Item>}
        {rooms.map((room) => (
          <Menu.Item
            key={room.reference}
            onClick={() => {
              onStep(step, room.reference)
            }}
          >
            {room.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function MoreMenu({ visit, onStep, onUndo }: FlowRowProps) {
  const { more } = stepsOf(visit)
  const undoable = mayUndo(visit)
  if (more.length === 0 && !undoable) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={26} aria-label={`More for ${listName(visit.patient)}`}>
          <EllipsisVertical size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {more.map((step) => (
          <Menu.Item
            key={step.stage}
            onClick={() => {
              onStep(step)
            }}
          >
            {step.label}
          </Menu.Item>
        ))}
        {undoable && <Menu.Item onClick={onUndo}>Undo the last step</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}
