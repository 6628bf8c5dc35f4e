import { Waiting } from '../../ui/waiting'
import classes from './break-even.module.css'
import type { PlanInputs } from './plan-inputs'
import { amount, architectureName, count } from './plan-words'
import { PlannedView } from './planned-view'
import { useBreakEven } from './use-plan'

/** Which way to run AI is cheapest from how many calls a month to how many. */
export function BreakEven({ inputs }: { inputs: PlanInputs }) {
  return (
    <PlannedView
      query={useBreakEven(inputs)}
      subject="The break-even"
      loading={<Waiting rows={1} height={90} />}
    >
      {(bands) => (
        <ol className={classes.bands}>
          {bands.map(({ first, last, architecture, cost_first: from, cost_last: to }) => {
            const isHere = first <= inputs.ai && inputs.ai <= last
            return (
              <li key={first} data-here={isHere}>
                <span className={classes.range}>
                  {count(first)} to {count(last)}
                </span>
                <strong>{architectureName(architecture)}</strong>
                <span>
                  {amount(from)} to {amount(to)}
                  {isHere && `, ${count(inputs.ai)} are asked`}
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </PlannedView>
  )
}
