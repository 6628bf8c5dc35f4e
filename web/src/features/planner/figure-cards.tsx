import type { ReactNode } from 'react'
import type { PlanAnswer } from '../../api/shapes'
import { Pill, type PillTone } from '../../ui/pill'
import { Explained } from './explained'
import classes from './figure-cards.module.css'
import { Meter, toneOf, type MeterTone } from '../../ui/meter'
import { ageWords, amount, count, daysBetween, oldAfterDays } from './plan-words'

const words: Record<MeterTone, { tone: PillTone; word: string }> = {
  good: { tone: 'green', word: '✓ Room' },
  near: { tone: 'amber', word: '▲ Near' },
  over: { tone: 'red', word: '▲ Over' },
}

/** The few figures that decide, each beside its limit. */
export function FigureCards({ answer }: { answer: PlanAnswer }) {
  const { best, decision } = answer
  const { budget, uptime } = decision.request
  const { capacity, availability } = best
  const dearest = best.horizon.dearest.high
  return (
    <ul className={classes.cards} aria-label="Key figures">
      <Limited
        label="Budget"
        value={amount(dearest)}
        unit="dearest month"
        share={budget === null ? null : dearest / Math.max(budget, 0.01)}
        limit={budget === null ? 'No limit is set' : `At most ${amount(budget)}`}
      />
      <Limited
        label="Busiest minutes"
        value={count(capacity.asked_per_s)}
        unit="requests a second"
        share={capacity.asked_per_s / Math.max(capacity.carries_per_s, 0.01)}
        limit={`It carries ${count(Math.round(capacity.carries_per_s))}`}
      />
      <Limited
        label="Answer time"
        value={capacity.p95_ms === null ? 'unknown' : count(Math.round(capacity.p95_ms))}
        unit={capacity.p95_ms === null ? '' : 'ms, 19 of 20'}
        share={capacity.p95_ms === null ? null : capacity.p95_ms / 500}
        limit="At most 500 ms"
      />
      <Limited
        label="Availability"
        value={availability.platform.toFixed(2)}
        unit="%"
        share={null}
        limit={
          uptime === null
            ? `${count(availability.minutes_down)} minutes down a month`
            : `At least ${uptime}% is asked`
        }
      />
      <OldestPrice answer={answer} />
    </ul>
  )
}

interface LimitedProps {
  label: string
  value: string
  unit: string
  /** Null draws nothing: there is no limit to be near to. */
  share: number | null
  limit: string
}

function Limited({ label, value, unit, share, limit }: LimitedProps) {
  const tone = share === null ? null : toneOf(share)
  return (
    <Figure
      label={label}
      value={value}
      unit={unit}
      limit={limit}
      pill={tone === null ? null : <Pill tone={words[tone].tone}>{words[tone].word}</Pill>}
    >
      {share === null || tone === null ? null : <Meter share={share} tone={tone} />}
    </Figure>
  )
}

function OldestPrice({ answer }: { answer: PlanAnswer }) {
  const { lines, on } = answer.deployed
  const ages = lines.map((line) => daysBetween(line.read_on, on))
  const oldest = Math.max(0, ...ages)
  const old = ages.filter((age) => age > oldAfterDays).length
  return (
    <Figure
      label="Oldest price"
      value={count(oldest)}
      unit="days"
      limit={
        old === 0 ? `All read within ${oldAfterDays} days` : `${old} of ${lines.length} to check`
      }
      pill={
        old === 0 ? (
          <Pill tone="green">✓ Fresh</Pill>
        ) : (
          <Pill tone="amber">▲ {ageWords(oldest).replace(/^[\d,]+ days /, '')}</Pill>
        )
      }
    />
  )
}

interface FigureProps {
  label: string
  value: string
  unit: string
  limit: string
  pill: ReactNode
  children?: ReactNode
}

function Figure({ label, value, unit, limit, pill, children }: FigureProps) {
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <span className={classes.label}>{label}</span>
        {pill}
      </div>
      <p className={classes.value}>
        {value} <span className={classes.unit}>{unit}</span>
      </p>
      {children}
      <p className={classes.limit}>
        <Explained>{limit}</Explained>
      </p>
    </li>
  )
}
