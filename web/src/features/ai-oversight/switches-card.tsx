import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import type { AiOversight, AiSwitch } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import { taskWords } from '../../ui/task-words'
import { tasksSeen } from './figures'
import { subjectOf, type Turn } from './switch-words'
import classes from './switches-card.module.css'
import { usePeople } from './use-people'

interface SwitchesCardProps {
  view: AiOversight
  onTurn: (turn: Turn) => void
}

/** What is turned off, by whom and why; and how to turn something off. */
export function SwitchesCard({ view, onTurn }: SwitchesCardProps) {
  return (
    <Card title="Switches" aside="In force within a minute">
      {view.switches.length === 0 ? (
        <p className={classes.none}>Nobody has turned anything off.</p>
      ) : (
        <ul className={classes.switches}>
          {[...view.switches]
            .sort((a, b) => Number(b.is_off) - Number(a.is_off) || b.at.localeCompare(a.at))
            .map((one) => (
              <Turned key={`${one.task ?? ''}~${one.engine ?? ''}`} line={one} onTurn={onTurn} />
            ))}
        </ul>
      )}
      <TurnOff view={view} onTurn={onTurn} />
    </Card>
  )
}

function Turned({ line, onTurn }: { line: AiSwitch; onTurn: SwitchesCardProps['onTurn'] }) {
  const { zone } = useClinic()
  const nameOf = usePeople()
  const subject = subjectOf(line)
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <p className={classes.subject}>
          {subject} <Pill tone={line.is_off ? 'red' : 'green'}>{line.is_off ? 'Off' : 'On'}</Pill>
        </p>
        <p>“{line.reason}”</p>
        <p className={classes.who}>
          {nameOf(line)}, {staffInstant(line.at, zone)}
        </p>
      </div>
      {line.is_off && (
        <Button
          variant="default"
          aria-label={`Turn on: ${subject}`}
          onClick={() => {
            onTurn({ task: line.task, engine: line.engine, isOff: false })
          }}
        >
          Turn on
        </Button>
      )}
    </li>
  )
}

function TurnOff({ view, onTurn }: SwitchesCardProps) {
  const [task, setTask] = useState<string | null>(null)
  const [engine, setEngine] = useState<string | null>(null)
  return (
    <form
      className={classes.form}
      aria-label="Turn something off"
      onSubmit={(event) => {
        event.preventDefault()
        onTurn({ task, engine, isOff: true })
      }}
    >
      <Select
        label="Task"
        placeholder="Every task"
        clearable
        searchable
        data={tasksSeen(view).map((name) => ({ value: name, label: taskWords(name) }))}
        value={task}
        onChange={setTask}
        clearButtonProps={{ 'aria-label': 'Every task' }}
      />
      <Select
        label="Engine"
        placeholder="Every engine"
        clearable
        data={view.engines.map(({ name }) => name)}
        value={engine}
        onChange={setEngine}
        clearButtonProps={{ 'aria-label': 'Every engine' }}
      />
      <Button type="submit" variant="outline" color="red.9">
        Turn off…
      </Button>
    </form>
  )
}
