import { Select } from '@mantine/core'
import type { PlanMigration } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Waiting } from '../../ui/waiting'
import { Explained } from './explained'
import classes from './move-card.module.css'
import type { PlanInputs } from './plan-inputs'
import { PlannedView } from './planned-view'
import { architectureChoices, architectureName, difference, span } from './plan-words'
import { useMigration } from './use-plan'

interface MoveCardProps {
  inputs: PlanInputs
  best: string
  onChange: (change: Partial<PlanInputs>) => void
}

/** The steps from what runs now to what is recommended. */
export function MoveCard({ inputs, best, onChange }: MoveCardProps) {
  const standing = best === 'production' ? 'basic' : 'production'
  const before = inputs.from !== null && inputs.from !== best ? inputs.from : standing
  const plan = useMigration(inputs, before, best)
  return (
    <Card
      title={`Moving to ${architectureName(best)}`}
      aside={
        <Select
          size="xs"
          className={classes.choice}
          aria-label="What runs now"
          allowDeselect={false}
          value={before}
          data={architectureChoices
            .filter(({ value }) => value !== best)
            .map(({ value, label }) => ({ value, label: `From ${label}` }))}
          onChange={(value) => {
            if (value !== null) onChange({ from: value })
          }}
        />
      }
    >
      <PlannedView query={plan} subject="The move" loading={<Waiting rows={6} height={40} />}>
        {(move) => <Steps move={move} />}
      </PlannedView>
    </Card>
  )
}

function Steps({ move }: { move: PlanMigration }) {
  const [, high = 0] = move.cost_difference
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="From">{`${move.before.title}, ${move.before.text}`}</Fact>
        <Fact name="Nobody can work for">{`${span(move.downtime_min)} minutes`}</Fact>
        <Fact name="Back to what ran before">{`${span(move.rollback_min)} minutes`}</Fact>
        <Fact name="Bill">{`${difference(high)} a month`}</Fact>
        <Fact name="Difficulty and risk">{`${move.difficulty}, ${move.risk.toLowerCase()} risk`}</Fact>
      </dl>
      <p className={classes.data}>{move.data}</p>
      {move.guide !== '' && <p className={classes.data}>The guide: {move.guide}</p>}
      <ol className={classes.steps}>
        {move.steps.map((step, at) => (
          <li key={step.what}>
            <span className={classes.number}>{at + 1}</span>
            <div>
              <Explained>{step.what}</Explained>
              {step.downtime_min.some((minutes) => minutes > 0) && (
                <strong> {span(step.downtime_min)} minutes of downtime.</strong>
              )}
              {step.command !== '' && <code className={classes.command}>{step.command}</code>}
              {step.undo !== '' && <p className={classes.undo}>Back: {step.undo}</p>}
            </div>
          </li>
        ))}
      </ol>
      <h3 className={classes.title}>Done correctly means</h3>
      <ul className={classes.checks}>
        {move.checks.map((check) => (
          <li key={check}>
            <Explained>{check}</Explained>
          </li>
        ))}
      </ul>
    </>
  )
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
