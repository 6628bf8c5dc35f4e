import type { PlanAnswer, PlanLine } from '../../api/shapes'
import { Card } from '../../ui/card'
import { staffDay } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import classes from './bill-card.module.css'
import { Explained } from './explained'
import { groups } from './groups'
import swatches from './groups.module.css'
import { ageWords, amount, daysBetween, money, oldAfterDays } from './plan-words'

const unsure = new Set(['recalled', 'derived'])

/** The month's bill by line, each with where its price was read, when, and how long ago. */
export function BillCard({ answer }: { answer: PlanAnswer }) {
  const bill = answer.deployed
  const paid = bill.lines.filter((line) => line.amount.high > 0)
  const free = bill.lines.filter((line) => line.amount.high === 0)
  const freeLabels = [...new Set(free.map((line) => line.label))].sort()
  const sources = [...new Set(paid.map((line) => line.source))]
  return (
    <Card
      title="Bill of the first month"
      aside={`Prices ${bill.catalog === 'guide' ? 'of the guide, 2025' : `of ${staffDay(bill.on)}`}`}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Price read</th>
            <th scope="col" className={classes.amount}>
              A month
            </th>
          </tr>
        </thead>
        {groups.map(({ name, label }) => {
          const lines = paid.filter((line) => line.group === name)
          if (lines.length === 0) return null
          const sum = lines.reduce((all, line) => all + line.amount.high, 0)
          return (
            <tbody key={name}>
              <tr className={classes.group}>
                <th scope="rowgroup" colSpan={2}>
                  <span
                    className={`${swatches.swatch ?? ''} ${swatches[name] ?? ''}`}
                    aria-hidden="true"
                  />{' '}
                  {label}
                </th>
                <td className={classes.amount}>{amount(sum)}</td>
              </tr>
              {lines.map((line) => (
                <Line
                  key={line.item}
                  line={line}
                  today={bill.on}
                  source={sources.indexOf(line.source) + 1}
                />
              ))}
            </tbody>
          )
        })}
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Total, everything billable
            </th>
            <td className={classes.amount}>{money(bill.total)}</td>
          </tr>
        </tfoot>
      </table>
      <div className={classes.notes}>
        {freeLabels.length > 0 && <p>Inside free allowances: {freeLabels.join(', ')}.</p>}
        <p>Not priced: {bill.not_priced.join(', ')}.</p>
        <ol className={classes.sources} aria-label="Sources of the prices">
          {sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ol>
      </div>
    </Card>
  )
}

interface LineProps {
  line: PlanLine
  today: string
  /** The number of its source in the list below the bill. */
  source: number
}

function Line({ line, today, source }: LineProps) {
  const days = daysBetween(line.read_on, today)
  return (
    <tr>
      <th scope="row" className={classes.part}>
        <Explained>{line.label}</Explained>
        <span className={classes.why}>{line.why}</span>
      </th>
      <td className={classes.read}>
        <a href={line.source_url} target="_blank" rel="noreferrer" title={line.source}>
          {staffDay(line.read_on)}
        </a>
        <sup className={classes.mark}>{source}</sup>
        <span className={classes.age}>
          <Pill tone={days > oldAfterDays ? 'amber' : 'grey'} square>
            {days > oldAfterDays ? '▲ ' : ''}
            {ageWords(days)}
          </Pill>
          {unsure.has(line.confidence) && (
            <Pill tone="amber" square>
              {line.confidence}, check first
            </Pill>
          )}
        </span>
      </td>
      <td className={classes.amount}>{money(line.amount)}</td>
    </tr>
  )
}
