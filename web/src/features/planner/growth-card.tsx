import { NumberInput, SegmentedControl } from '@mantine/core'
import type { PlanGrowth } from '../../api/shapes'
import { Card } from '../../ui/card'
import { monthTick } from '../../ui/dates'
import { Waiting } from '../../ui/waiting'
import classes from './chart.module.css'
import { FiguresTable } from './figures-table'
import { GrowthChart } from './growth-chart'
import { eventsOf } from './growth-events'
import growthClasses from './growth-card.module.css'
import { groups } from './groups'
import swatches from './groups.module.css'
import { amount, count, money } from './plan-words'
import type { PlanInputs } from './plan-inputs'
import { PlannedView } from './planned-view'
import { useGrowth } from './use-plan'

interface GrowthCardProps {
  /** As settled: what the platform is asked. */
  inputs: PlanInputs
  /** As shown: what somebody is just typing. */
  shown: PlanInputs
  onChange: (change: Partial<PlanInputs>) => void
}

/** The cost of the coming months: what grows, when it moves and how far it may lie apart. */
export function GrowthCard({ inputs, shown, onChange }: GrowthCardProps) {
  const growth = useGrowth(inputs)
  return (
    <Card
      title="Cost over time"
      aside={
        growth.data !== undefined ? (
          <>
            {money(growth.data.total)} in {growth.data.months.length} months
          </>
        ) : undefined
      }
    >
      <div className={growthClasses.controls}>
        <SegmentedControl
          size="xs"
          aria-label="Growth: this clinic or a pattern of the guide"
          value={shown.growth}
          onChange={(value) => {
            onChange({ growth: value })
          }}
          data={[
            { value: 'own', label: 'This clinic' },
            { value: 'low', label: 'Low' },
            { value: 'medium', label: 'Medium' },
            { value: 'high', label: 'High' },
          ]}
        />
        {shown.growth === 'own' && (
          <NumberInput
            size="xs"
            w={130}
            aria-label="Growth a year in percent"
            suffix=" % a year"
            prefix="+"
            value={shown.yearly}
            min={0}
            max={1000}
            hideControls
            allowNegative={false}
            onChange={(typed) => {
              onChange({ yearly: Number(typed) })
            }}
          />
        )}
      </div>
      <PlannedView query={growth} subject="Growth" loading={<Waiting rows={1} height={320} />}>
        {(lived) => <Lived lived={lived} budget={inputs.budget} />}
      </PlannedView>
    </Card>
  )
}

function Lived({ lived, budget }: { lived: PlanGrowth; budget: number | null }) {
  const events = eventsOf(lived, budget)
  const { total, runs } = lived.bands
  const last = lived.months.at(-1)
  return (
    <>
      <ul className={classes.legend} aria-label="Parts of the bill">
        {groups.map(({ name, label }) => (
          <li key={name}>
            <span className={`${swatches.swatch ?? ''} ${swatches[name] ?? ''}`} />
            {label}
          </li>
        ))}
        <li>
          <span className={classes.dash} />
          Eight of ten simulated clinics
        </li>
      </ul>
      <GrowthChart growth={lived} events={events} budget={budget} />
      <p className={growthClasses.words}>
        From {count(lived.months[0]?.users ?? 0)} to {count(last?.users ?? 0)} users. Of{' '}
        {count(runs)} simulated clinics half pay up to {amount(total.p50)} in all, eight of ten{' '}
        {amount(total.p10)} to {amount(total.p90)}.
      </p>
      {events.length > 0 && (
        <ol className={classes.events}>
          {events.map(({ month, number, text }) => (
            <li key={number}>
              <span className={classes.number}>{number}</span>
              <span>
                <strong>{monthTick(`${month.on}T12:00:00Z`, 'UTC')}</strong>, {text}
              </span>
            </li>
          ))}
        </ol>
      )}
      <FiguresTable
        caption="Cost over time"
        head={['Month', 'Users', 'Runs', 'Size', 'Bill', 'Eight of ten']}
        rows={lived.months.map((month, at) => [
          `${month.month}, ${month.on.slice(0, 7)}`,
          count(month.users),
          month.title,
          month.size,
          money(month.total),
          `${amount(lived.bands.months[at]?.p10 ?? 0)} to ${amount(lived.bands.months[at]?.p90 ?? 0)}`,
        ])}
      />
    </>
  )
}
