import { Check, X } from 'lucide-react'
import type { PlanAnswer, PlanCandidate } from '../../api/shapes'
import { Card } from '../../ui/card'
import { BreakEven } from './break-even'
import { Explained } from './explained'
import type { PlanInputs } from './plan-inputs'
import { money } from './plan-words'
import classes from './why-card.module.css'

/** The decision: what fits in the order of its cost, why each other one does not, what would change it. */
export function WhyCard({ answer, inputs }: { answer: PlanAnswer; inputs: PlanInputs }) {
  const { decision, changes } = answer
  return (
    <Card title="Why this one" aside={`Compared over ${decision.request.months} months`}>
      <Candidates fitting={decision.fitting} rejected={decision.rejected} />
      {changes.length > 0 && (
        <>
          <h3 className={classes.title}>What would change the answer</h3>
          <ul className={classes.changes}>
            {changes.map(({ sentence }) => (
              <li key={sentence}>
                <Explained>{sentence}</Explained>
              </li>
            ))}
          </ul>
        </>
      )}
      {inputs.need !== 'none' && (
        <>
          <h3 className={classes.title}>
            Which way to run AI is cheapest, by calls a month, as the guide counts
          </h3>
          <BreakEven inputs={inputs} />
        </>
      )}
    </Card>
  )
}

interface CandidatesProps {
  fitting: readonly PlanCandidate[]
  rejected: readonly PlanCandidate[]
}

/** Every architecture, with its bill and what it misses. */
export function Candidates({ fitting, rejected }: CandidatesProps) {
  return (
    <ul className={classes.list}>
      {fitting.map((one, at) => (
        <li key={one.architecture} data-fits="true">
          <Check size={16} aria-label="Fits:" />
          <div>
            <strong>{one.title}</strong>
            <p>
              {at === 0 ? 'The cheapest that meets everything asked.' : 'Meets everything asked.'}
            </p>
          </div>
          <Price one={one} />
        </li>
      ))}
      {rejected.map((one) => (
        <li key={one.architecture} data-fits="false">
          <X size={16} aria-label="Does not fit:" />
          <div>
            <strong>{one.title}</strong>
            <p>
              <Explained>{one.violations.map(({ sentence }) => sentence).join(' ')}</Explained>
            </p>
          </div>
          <Price one={one} />
        </li>
      ))}
    </ul>
  )
}

function Price({ one }: { one: PlanCandidate }) {
  return (
    <span className={classes.price}>
      {money(one.horizon.total)}
      <span>{money(one.monthly)} a month</span>
    </span>
  )
}
