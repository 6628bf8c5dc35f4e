import { Button } from '@mantine/core'
import { CircleAlert, Scale } from 'lucide-react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { PlanDecision } from '../../api/shapes'
import { Card } from '../../ui/card'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Waiting } from '../../ui/waiting'
import classes from './no-plan.module.css'
import type { PlanInputs } from './plan-inputs'
import { amount, money } from './plan-words'
import { useDecision } from './use-plan'
import { Candidates } from './why-card'

interface NoPlanProps {
  inputs: PlanInputs
  failure: unknown
  onChange: (change: Partial<PlanInputs>) => void
}

/** No answer: nothing fits, the question makes no sense, or the platform did not answer. */
export function NoPlan({ inputs, failure, onChange }: NoPlanProps) {
  const { code, message } = asFailure(failure)
  if (code === 'planner-nothing-fits') return <NothingFits inputs={inputs} onChange={onChange} />
  return (
    <Note icon={CircleAlert} tone="red" urgent title="There is no plan for this">
      {message}
    </Note>
  )
}

function NothingFits({ inputs, onChange }: Pick<NoPlanProps, 'inputs' | 'onChange'>) {
  const decision = loaded(useDecision(inputs))
  return (
    <LoadedView
      loaded={decision}
      subject="The nearest plan"
      loading={<Waiting rows={4} height={80} />}
    >
      {(found) => <Nearest decision={found} onChange={onChange} />}
    </LoadedView>
  )
}

function Nearest({
  decision: { nearest, rejected, request },
  onChange,
}: {
  decision: PlanDecision
  onChange: (change: Partial<PlanInputs>) => void
}) {
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
