import type { PlanReport } from '../../api/shapes'
import { Card } from '../../ui/card'
import { staffDay } from '../../ui/dates'
import { Pill, type PillTone } from '../../ui/pill'
import { Explained } from './explained'
import classes from './safeguards-card.module.css'

type State = PlanReport['safeguards'][number]['state']

const tones: Record<State, { tone: PillTone; word: string }> = {
  shown: { tone: 'green', word: '✓ Shown' },
  planned: { tone: 'brand', word: 'Planned in the bill' },
  'not shown': { tone: 'grey', word: 'Not shown' },
}

const rulesNames: Record<string, string> = { hipaa: 'HIPAA', gdpr: 'GDPR', soc2: 'SOC 2' }

/** What the rules ask, line by line, and whether anything shows it. */
export function SafeguardsCard({ report }: { report: PlanReport | null }) {
  if (report === null)
    return (
      <Card title="Safeguards">
        <p className={classes.source}>
          No rules are chosen. Choose HIPAA, GDPR or SOC 2 to list what they ask.
        </p>
      </Card>
    )
  const count = (state: State) => report.safeguards.filter((one) => one.state === state).length
  const corrections = report.advice.filter(({ correction }) => correction !== '')
  return (
    <Card
      title={`Safeguards: ${rulesNames[report.rules] ?? report.rules}`}
      aside={`${count('shown')} shown, ${count('planned')} planned in the bill, ${count('not shown')} not shown`}
    >
      <p className={classes.source}>
        <Explained>
          {`Evidence shows a safeguard, not a plan: nothing here says that a clinic meets a law. Source: ${report.source}, read ${staffDay(report.read_on)}.`}
        </Explained>
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">What is asked</th>
            <th scope="col">State</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {report.safeguards.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span className={classes.id}>{one.id}</span>
                <span>
                  <Explained>{one.text}</Explained>
                  <span className={classes.rule}>{one.rule}</span>
                </span>
              </th>
              <td>
                <Pill tone={tones[one.state].tone}>{tones[one.state].word}</Pill>
              </td>
              <td className={classes.evidence}>{one.evidence}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3 className={classes.title}>Where patient data may go</h3>
      <ul className={classes.routes}>
        {report.routes.map(({ route, patient_data: may }) => (
          <li key={route}>
            <strong>{route}:</strong> <Explained>{`${may}.`}</Explained>
          </li>
        ))}
        {corrections.map(({ correction }) => (
          <li key={correction}>
            <Explained>{correction}</Explained>
          </li>
        ))}
      </ul>
    </Card>
  )
}
