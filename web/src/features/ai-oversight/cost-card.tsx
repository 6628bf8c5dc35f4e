import type { AiUsed } from '../../api/shapes'
import { Card } from '../../ui/card'
import { taskWords } from '../../ui/task-words'
import { counted, dollars, sumOf, usedByTask } from './figures'
import classes from './runs-card.module.css'

/** What models were asked and what they cost, by task. */
export function CostCard({ used }: { used: readonly AiUsed[] }) {
  const sums = usedByTask(used)
  return (
    <Card title="Tokens and cost in 31 days" aside="By model and task, the dearest first">
      {sums.length === 0 ? (
        <p className={classes.none}>No model that counts tokens was asked in the last 31 days.</p>
      ) : (
        <div className={classes.frame} role="region" aria-label="Tokens and cost" tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Task</th>
                <th scope="col">Calls</th>
                <th scope="col">Tokens in</th>
                <th scope="col">Tokens out</th>
                <th scope="col">Cost</th>
              </tr>
            </thead>
            <tbody>
              {sums.map((line) => (
                <tr key={`${line.model} ${line.task}`}>
                  <th scope="row">{line.model}</th>
                  <td>{taskWords(line.task)}</td>
                  <td>{counted(line.calls)}</td>
                  <td>{counted(line.tokensIn)}</td>
                  <td>{counted(line.tokensOut)}</td>
                  <td>{dollars(line.cost)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">Together</th>
                <td />
                <td>{counted(sumOf(sums, (line) => line.calls))}</td>
                <td>{counted(sumOf(sums, (line) => line.tokensIn))}</td>
                <td>{counted(sumOf(sums, (line) => line.tokensOut))}</td>
                <td>{dollars(sumOf(sums, (line) => line.cost))}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </Card>
  )
}
