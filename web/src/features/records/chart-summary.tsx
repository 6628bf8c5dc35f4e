import type { ReactNode } from 'react'
import type { Chart, VisitReason } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import classes from './chart-summary.module.css'
import { DueCard } from './due-card'
import { LatestResultsCard } from './latest-results-card'
import { MedicinesCard } from './medicines-card'
import { ProblemsCard } from './problems-card'
import { TrendCard } from './trend-card'
import { VitalCards } from './vital-cards'

/** The patient on one screen: why they come, how they are, what is due. */
export function ChartSummary({ chart, safety }: { chart: Chart; safety: ReactNode }) {
  return (
    <div className={classes.summary}>
      {chart.reason_for_visit !== null && <Reason reason={chart.reason_for_visit} />}
      {safety}
      <VitalCards vitals={chart.vitals} />
      <div className={classes.pair}>
        <TrendCard trends={chart.trends} />
        <LatestResultsCard results={chart.results} />
      </div>
      <div className={classes.three}>
        <MedicinesCard medicines={chart.medicines} />
        <ProblemsCard problems={chart.problems} />
        <DueCard due={chart.due} />
      </div>
    </div>
  )
}

function Reason({ reason }: { reason: VisitReason }) {
  return (
    <section className={classes.reason} aria-label="Reason for the visit">
      <h2 className={classes.reasonTitle}>{reason.title}</h2>
      {reason.words !== null && <q className={classes.words}>{reason.words}</q>}
      <span className={classes.source}>
        <Pill tone="grey">{reason.source}</Pill>
      </span>
    </section>
  )
}
