import { Button } from '@mantine/core'
import { CircleAlert, Scale } from 'lucide-react'
import { asFailure } from '../../api/errors'
import type { PlanDecision } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Note } from '../../ui/note'
import classes from './no-plan.module.css'
import type { PlanInputs } from './plan-inputs'
import { amount, money } from './plan-words'
import { Candidates } from './why-card'

/** The question makes no sense, or the platform did not answer. */
export function NoAnswer({ failure }: { failure: unknown }) {
  return (
    <Note icon={CircleAlert} tone="red" urgent title="There is no plan for this">
      {asFailure(failure).message}
    </Note>
  )
}

interface NothingFitsProps {
  decision: PlanDecision
  onChange: (change: Partial<PlanInputs>) => void
}

/** What almost fits, what it misses, and the way on. */
export function NothingFits({
  decision: { nearest, rejected, request },
  onChange,
}: NothingFitsProps) {
  const onlyBudget = nearest?.violations.every(({ constraint }) => constraint === 'budget') ?? false
  const enough = Math.ceil(nearest?.horizon.dearest.high ?? 0)
  return (
    <div className={classes.cards}>
      <section className={classes.none} role="alert">
        <Scale size={22} aria-hidden="true" />
        <div>
          <h2 className={classes.title}>Nothing meets everything that is asked</h2>
          {nearest !== null && (
            <>
              <p>
                The nearest is <strong>{nearest.title}</strong>, {nearest.shape.text}, at{' '}
                {money(nearest.monthly)} a month. It misses:
              </p>
              <ul className={classes.misses}>
                {nearest.violations.map(({ sentence }) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </>
          )}
          {onlyBudget && request.budget !== null && (
            <Button
              size="xs"
              onClick={() => {
                onChange({ budget: enough })
              }}
            >
              Raise the budget to {amount(enough)}
            </Button>
          )}
        </div>
      </section>
      <Card title="Why none fits" aside={`Compared over ${request.months} months`}>
        <Candidates fitting={[]} rejected={rejected} />
      </Card>
    </div>
  )
}
