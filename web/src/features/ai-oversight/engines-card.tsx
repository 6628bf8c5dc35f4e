import { Button } from '@mantine/core'
import { Cpu } from 'lucide-react'
import type { AiEngine, AiOversight } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import { taskWords } from '../../ui/task-words'
import { several } from './figures'
import classes from './engines-card.module.css'
import { offFor, type Turn } from './switch-words'

interface EnginesCardProps {
  view: AiOversight
  onTurn: (turn: Turn) => void
}

/** Engines in the order in which they are asked. */
export function EnginesCard({ view, onTurn }: EnginesCardProps) {
  return (
    <Card title="Engines" aside="Asked from the top; the next one steps in when one cannot">
      {view.engines.length === 0 ? (
        <Note icon={Cpu} title="No engine is set up">
          Every task is done by hand until the settings name one.
        </Note>
      ) : (
        <ol className={classes.engines}>
          {view.engines.map((engine, at) => (
            <Engine key={engine.name} engine={engine} place={at + 1} view={view} onTurn={onTurn} />
          ))}
        </ol>
      )}
    </Card>
  )
}

interface EngineProps extends EnginesCardProps {
  engine: AiEngine
  place: number
}

function Engine({ engine, place, view, onTurn }: EngineProps) {
  const off = offFor(view.switches, { task: null, engine: engine.name })
  return (
    <li className={classes.engine} data-off={off !== undefined || undefined}>
      <span className={classes.place} aria-hidden="true">
        {place}
      </span>
      <div className={classes.about}>
        <h3 className={classes.name}>
          {engine.name}
          {engine.route !== engine.name && <span className={classes.route}>{engine.route}</span>}
        </h3>
        <p className={classes.marks}>
          {engine.leaves_machine ? (
            <Pill tone="amber">Data leaves this machine</Pill>
          ) : (
            <Pill tone="green">Stays on this machine</Pill>
          )}
          {off !== undefined && <Pill tone="red">Turned off</Pill>}
        </p>
        <Tasks tasks={engine.tasks} />
      </div>
      <Button
        variant="default"
        color={off === undefined ? 'red.9' : 'brand'}
        aria-label={`Turn ${off === undefined ? 'off' : 'on'}: ${engine.name}`}
        onClick={() => {
          onTurn({ task: null, engine: engine.name, isOff: off === undefined })
        }}
      >
        {off === undefined ? 'Turn off' : 'Turn on'}
      </Button>
    </li>
  )
}

function Tasks({ tasks }: { tasks: readonly string[] }) {
  if (tasks.length === 0)
    return <p className={classes.none}>Can run no task now: it is not set up or not reachable.</p>
  return (
    <details className={classes.tasks}>
      <summary>Can run {several(tasks.length, 'task')} now</summary>
      <ul>
        {tasks.map((task) => (
          <li key={task}>{taskWords(task)}</li>
        ))}
      </ul>
    </details>
  )
}
