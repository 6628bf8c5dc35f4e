import { Button, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { PlanColumn } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Waiting } from '../../ui/waiting'
import classes from './comparison-card.module.css'
import { Explained } from './explained'
import { inputsKept, keep, type PlanInputs } from './plan-inputs'
import { summaryOf } from './plan-summary'
import { PlannedView } from './planned-view'
import { architectureChoices, architectureName, count, difference, money, span } from './plan-words'
import { useComparison, usePlan } from './use-plan'

interface ComparisonCardProps {
  inputs: PlanInputs
  best: string
  /** What stands beside the best until somebody chooses. */
  next: string
  onChange: (change: Partial<PlanInputs>) => void
}

/** Two plans side by side: two architectures for one question, or this plan beside one kept before. */
export function ComparisonCard(props: ComparisonCardProps) {
  return (
    <Card title="Two plans side by side" aside={<Choice {...props} />}>
      {props.inputs.kept === null ? (
        <Architectures {...props} />
      ) : (
        <Kept inputs={props.inputs} kept={inputsKept(props.inputs.kept)} best={props.best} />
      )}
    </Card>
  )
}

function Choice({ inputs, best, next, onChange }: ComparisonCardProps) {
  if (inputs.kept !== null)
    return (
      <Button
        size="xs"
        variant="default"
        className={classes.choice}
        onClick={() => {
          onChange({ kept: null })
        }}
      >
        Let go of the kept plan
      </Button>
    )
  return (
    <div className={classes.choice}>
      <Select
        size="xs"
        w={170}
        aria-label={`Compare ${architectureName(best)} with`}
        allowDeselect={false}
        value={inputs.beside ?? next}
        data={architectureChoices.filter(({ value }) => value !== best)}
        onChange={(value) => {
          if (value !== null) onChange({ beside: value })
        }}
      />
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          onChange({ kept: keep(inputs) })
        }}
      >
        Keep this plan to compare
      </Button>
    </div>
  )
}

function Architectures({ inputs, best, next }: ComparisonCardProps) {
  const beside = inputs.beside ?? next
  const compared = useComparison(inputs, beside === best ? [best] : [best, beside])
  return (
    <PlannedView
      query={compared}
      subject="The comparison"
      loading={<Waiting rows={8} height={30} />}
    >
      {({ columns }) => <Columns columns={columns} />}
    </PlannedView>
  )
}

interface KeptProps {
  inputs: PlanInputs
  kept: PlanInputs
  best: string
}

function Kept({ inputs, kept, best }: KeptProps) {
  const { decision } = usePlan(kept)
  return (
    <PlannedView
      query={decision}
      subject="The kept plan"
      loading={<Waiting rows={8} height={30} />}
    >
      {(found) => {
        const was = found.best ?? found.nearest
        if (was === null) return 'The kept plan has no answer.'
        return <BothPlans inputs={inputs} best={best} kept={kept} was={was.architecture} />
      }}
    </PlannedView>
  )
}

function BothPlans({ inputs, kept, best, was }: KeptProps & { was: string }) {
  const before = useComparison(kept, [was])
  const now = useComparison(inputs, [best])
  const both =
    before.data === undefined || now.data === undefined
      ? undefined
      : [...before.data.columns, ...now.data.columns]
  const query = { data: both, error: before.error ?? now.error, refetch: now.refetch }
  return (
    <PlannedView query={query} subject="The comparison" loading={<Waiting rows={8} height={30} />}>
      {(columns) => (
        <Columns
          columns={columns}
          captions={[`Kept: ${summaryOf(kept)}`, `Now: ${summaryOf(inputs)}`]}
        />
      )}
    </PlannedView>
  )
}

interface Row {
  name: string
  cell: (column: PlanColumn, first: PlanColumn) => ReactNode
}

const rows: Row[] = [
  { name: 'Size', cell: ({ shape }) => shape.text },
  {
    name: 'First month',
    cell: ({ deployed }, first) => (
      <>
        <strong>{money(deployed.total)}</strong>
        {deployed !== first.deployed && (
          <span className={classes.aside}>
            {difference(deployed.total.high - first.deployed.total.high)}
          </span>
        )}
      </>
    ),
  },
  {
    name: 'Over all months',
    cell: ({ over_months: months }, first) => (
      <>
        {money(months)}
        {months !== first.over_months && (
          <span className={classes.aside}>{difference(months.high - first.over_months.high)}</span>
        )}
      </>
    ),
  },
  {
    name: "The guide's own bill",
    cell: ({ guide }) => (guide === null ? 'the guide gives none' : money(guide)),
  },
  {
    name: 'Carries',
    cell: ({ capacity }) =>
      `${count(Math.round(capacity.carries_per_s))} requests a second, ${count(capacity.asked_per_s)} are asked`,
  },
  {
    name: '19 of 20 answers within',
    cell: ({ capacity }) =>
      capacity.p95_ms === null ? 'unknown' : `${count(Math.round(capacity.p95_ms))} ms`,
  },
  {
    name: 'Available',
    cell: ({ availability }) =>
      `${availability.platform.toFixed(2)} %, ${count(availability.minutes_down)} minutes down a month`,
  },
  { name: 'When a machine dies', cell: (one) => one.when_the_box_dies },
  { name: 'Privacy, by the guide', cell: (one) => one.privacy },
  {
    name: 'Work to set up, by the guide',
    cell: (one) => `${span(one.effort_hours)} hours, ${one.complexity.toLowerCase()} complexity`,
  },
  {
    name: 'What it misses',
    cell: ({ violations }) =>
      violations.length === 0 ? (
        'Nothing that is asked'
      ) : (
        <Explained>{violations.map(({ sentence }) => sentence).join(' ')}</Explained>
      ),
  },
  { name: 'The guide: advantages', cell: ({ words }) => <Points points={words.advantages} /> },
  {
    name: 'The guide: disadvantages',
    cell: ({ words }) => <Points points={words.disadvantages} />,
  },
]

interface ColumnsProps {
  columns: readonly PlanColumn[]
  captions?: readonly string[]
}

function Columns({ columns, captions = [] }: ColumnsProps) {
  const [first] = columns
  if (first === undefined) return null
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <td />
          {columns.map((column, at) => (
            <th key={at} scope="col">
              {column.title}
              <span className={classes.caption}>{captions[at]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, cell }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {columns.map((column, at) => (
              <td
                key={at}
                data-label={`${captions[at]?.split(':')[0] ?? ''} ${column.title}`.trim()}
              >
                {cell(column, first)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Points({ points }: { points: readonly string[] }) {
  if (points.length === 0) return 'the guide says nothing'
  return (
    <ul className={classes.points}>
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  )
}
