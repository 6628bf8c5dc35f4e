import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { PlanColumn } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Waiting } from '../../ui/waiting'
import classes from './comparison-card.module.css'
import { Explained } from './explained'
import type { PlanInputs } from './plan-inputs'
import { PlannedView } from './planned-view'
import { architectureChoices, architectureName, count, difference, money, span } from './plan-words'
import { useComparison } from './use-plan'

interface ComparisonCardProps {
  inputs: PlanInputs
  best: string
  /** What stands beside the best until somebody chooses. */
  next: string
  onChange: (change: Partial<PlanInputs>) => void
}

/** Two plans side by side: bills, promises, work, and the guide's own words. */
export function ComparisonCard({ inputs, best, next, onChange }: ComparisonCardProps) {
  const beside = inputs.beside ?? next
  const names = beside === best ? [best] : [best, beside]
  const compared = useComparison(inputs, names)
  return (
    <Card
      title="Two plans side by side"
      aside={
        <Select
          size="xs"
          className={classes.choice}
          aria-label={`Compare ${architectureName(best)} with`}
          allowDeselect={false}
          value={beside}
          data={architectureChoices.filter(({ value }) => value !== best)}
          onChange={(value) => {
            if (value !== null) onChange({ beside: value })
          }}
        />
      }
    >
      <PlannedView
        query={compared}
        subject="The comparison"
        loading={<Waiting rows={8} height={30} />}
      >
        {({ columns }) => <Columns columns={columns} />}
      </PlannedView>
    </Card>
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

function Columns({ columns }: { columns: readonly PlanColumn[] }) {
  const [first] = columns
  if (first === undefined) return null
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <td />
          {columns.map((column) => (
            <th key={column.architecture} scope="col">
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, cell }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {columns.map((column) => (
              <td key={column.architecture} data-label={column.title}>
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
