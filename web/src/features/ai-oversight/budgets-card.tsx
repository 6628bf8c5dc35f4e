import type { AiBudget } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Meter, toneOf } from '../../ui/meter'
import { Pill } from '../../ui/pill'
import { taskWords } from '../../ui/task-words'
import { dollars, share } from './figures'
import classes from './lines.module.css'

/** This month's money against what may be spent. */
export function BudgetsCard({ budgets }: { budgets: readonly AiBudget[] }) {
  return (
    <Card title="Budgets this month" aside="With what is set aside for calls under way">
      {budgets.length === 0 ? (
        <p className={classes.none}>No budget is set, and nothing that costs money is in use.</p>
      ) : (
        <ul className={classes.lines}>
          {budgets.map((budget) => (
            <Budget key={budget.name} budget={budget} />
          ))}
        </ul>
      )}
    </Card>
  )
}

/** `The clinic`; a task's budget by the task's name. */
function budgetWords(name: string): string {
  return taskWords(name.replace(/^the task /, ''))
}

function Budget({ budget: { name, spent, limit, is_nearly_spent } }: { budget: AiBudget }) {
  const used = limit === null ? 0 : limit === 0 ? 1 : spent / limit
  return (
    <li className={classes.line}>
      <h3 className={classes.name}>
        {budgetWords(name)}
        {limit !== null && spent >= limit ? (
          <Pill tone="red">Used up</Pill>
        ) : (
          is_nearly_spent && <Pill tone="amber">Nearly used up</Pill>
        )}
      </h3>
      <p className={classes.measure}>
        <span>
          <strong>{dollars(spent)}</strong> {limit === null ? 'spent' : `of ${dollars(limit)}`}
        </span>
        <span>{limit === null ? 'No limit set' : `${share(spent, limit)} used`}</span>
      </p>
      {limit !== null && <Meter share={used} tone={used >= 1 ? 'over' : toneOf(used)} />}
    </li>
  )
}
