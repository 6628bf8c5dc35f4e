import { TriangleAlert } from 'lucide-react'
import type { PlanAnswer } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import { Explained } from './explained'
import { amount, money } from './plan-words'
import classes from './recommendation.module.css'

/** What to run, in one line, and what it costs. */
export function Recommendation({ answer }: { answer: PlanAnswer }) {
  const { best, deployed, decision, core } = answer
  const { runner_up: next, gap, request } = decision
  return (
    <section className={classes.card} aria-labelledby="plan-run">
      <div className={classes.what}>
        <p className={classes.kicker}>Recommended</p>
        <h2 id="plan-run" className={classes.name}>
          <Explained>{best.title}</Explained>
        </h2>
        <p className={classes.size}>
          <Pill tone="brand">Architecture {best.number}</Pill> <span>{best.shape.text}</span>
        </p>
        <p className={classes.next}>
          {next === null || gap === null ? (
            'Nothing else meets everything that is asked.'
          ) : (
            <>
              Next best: <strong>{next.title}</strong>, {money(gap)} more over {request.months}{' '}
              months.
            </>
          )}
        </p>
      </div>
      <dl className={classes.costs}>
        <div className={classes.main}>
          <dt>First month</dt>
          <dd>
            <span className={classes.total} data-testid="plan-total">
              {money(deployed.total)}
            </span>
          </dd>
        </div>
        <div>
          <dt>Dearest month</dt>
          <dd>{money(best.horizon.dearest)}</dd>
        </div>
        <div>
          <dt>Over {best.horizon.months} months</dt>
          <dd>{money(best.horizon.total)}</dd>
        </div>
        <div>
          <dt>As the guide counts</dt>
          <dd>{money(core.total)}</dd>
        </div>
      </dl>
      {(answer.endings.length > 0 || request.budget !== null) && (
        <ul className={classes.notes}>
          {answer.endings.map((text) => (
            <li key={text} className={classes.ending}>
              <TriangleAlert size={15} aria-hidden="true" />
              {text}
            </li>
          ))}
          {request.budget !== null && (
            <li>
              {amount(request.budget - best.horizon.dearest.high)} below the budget of{' '}
              {amount(request.budget)} in the dearest month.
            </li>
          )}
        </ul>
      )}
    </section>
  )
}
