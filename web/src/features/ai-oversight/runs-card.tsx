import { Select } from '@mantine/core'
import { useState } from 'react'
import type { AiRuns } from '../../api/shapes'
import { Card } from '../../ui/card'
import { staffDay } from '../../ui/dates'
import { taskWords } from '../../ui/task-words'
import { endings, endingsOf, endingTones, endingWords, monthOf, several, share } from './figures'
import classes from './runs-card.module.css'
import { RunsPlot } from './runs-plot'
import { ShareBar } from './share-bar'

interface RunsCardProps {
  runs: readonly AiRuns[]
  /** The clinic's day, `2026-11-24`. */
  today: string
}

/** A month of runs: how many each day, and how they ended. */
export function RunsCard({ runs, today }: RunsCardProps) {
  const [task, setTask] = useState<string | null>(null)
  const tasks = [...new Set(runs.map((line) => line.task))].sort()
  const shown = task === null ? runs : runs.filter((line) => line.task === task)
  const ended = endingsOf(shown)
  const latest = shown[0]?.day ?? ''
  const days = monthOf(latest > today ? latest : today).map((day) => ({
    day,
    ended: endingsOf(shown.filter((line) => line.day === day)),
  }))
  return (
    <Card title="Runs in 31 days" aside="By day, with how they ended">
      {runs.length === 0 ? (
        <p className={classes.none}>Nothing was asked of AI in the last 31 days.</p>
      ) : (
        <div className={classes.runs}>
          <Select
            label="Task"
            placeholder="Every task"
            clearable
            clearButtonProps={{ 'aria-label': 'Every task' }}
            data={tasks.map((name) => ({ value: name, label: taskWords(name) }))}
            value={task}
            onChange={setTask}
            className={classes.filter}
          />
          <ShareBar
            parts={endings.map((ending) => ({
              name: endingWords[ending],
              count: ended[ending],
              tone: endingTones[ending],
            }))}
          />
          <RunsPlot days={days} />
          <RunsTable runs={shown} />
        </div>
      )}
    </Card>
  )
}

function RunsTable({ runs }: { runs: readonly AiRuns[] }) {
  return (
    <details className={classes.details}>
      <summary>{several(runs.length, 'line')} by day, task and engine</summary>
      <div className={classes.frame} role="region" aria-label="Runs as a table" tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Task</th>
              <th scope="col">Engine</th>
              <th scope="col">Runs</th>
              <th scope="col">Answered</th>
              <th scope="col">How they ended</th>
              <th scope="col">Identifiers taken out</th>
              <th scope="col">Mean time</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((line) => (
              <tr key={`${line.day} ${line.task} ${line.engine ?? ''}`}>
                <th scope="row">{staffDay(line.day)}</th>
                <td>{taskWords(line.task)}</td>
                <td>{line.engine ?? 'none'}</td>
                <td>{line.runs}</td>
                <td>{share(line.endings.ok ?? 0, line.runs)}</td>
                <td>
                  {endings
                    .filter((ending) => (line.endings[ending] ?? 0) > 0)
                    .map((ending) => `${endingWords[ending]} ${line.endings[ending] ?? 0}`)
                    .join(', ')}
                </td>
                <td>{line.redacted}</td>
                <td>{time(line.mean_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function time(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}
