import { Tabs } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Loaded } from '../../api/loaded'
import type { Chart } from '../../api/shapes'
import { isAbnormal } from '../../ui/flags'
import { LoadedView } from '../../ui/loaded-view'
import { PatientBanner } from '../../ui/patient-banner'
import { AllergyBand } from './allergy-band'
import { ChartSkeleton } from './chart-skeleton'
import { ChartSummary } from './chart-summary'
import classes from './chart-view.module.css'
import { DocumentsTab } from './documents-tab'
import { MedicinesTab } from './medicines-tab'
import { ResultsTab } from './results-tab'

/** The tabs of a chart, as they stand in its address. */
type ChartTabName = 'summary' | 'results' | 'medicines' | 'documents'

interface ChartViewProps {
  chart: Loaded<Chart>
  tab: ChartTabName
  onTab: (tab: ChartTabName) => void
  /** What tables and rules say of the chart, as far as it must be thought of. */
  safety: ReactNode
}

/** One patient: banner and allergies stay, what is below them scrolls. */
export function ChartView({ chart, tab, onTab, safety }: ChartViewProps) {
  return (
    <div className={classes.chart}>
      {/* Without the chart nobody knows the allergies, and the screen has to say so. */}
      {chart.state === 'failed' && <AllergyBand allergies="unavailable" />}
      <LoadedView page loaded={chart} subject="The chart" loading={<ChartSkeleton />}>
        {(data) => <ReadyChart chart={data} tab={tab} onTab={onTab} safety={safety} />}
      </LoadedView>
    </div>
  )
}

interface ReadyChartProps {
  chart: Chart
  tab: ChartTabName
  onTab: (tab: ChartTabName) => void
  safety: ReactNode
}

function ReadyChart({ chart, tab, onTab, safety }: ReadyChartProps) {
  const { patient } = chart
  const abnormal = chart.results.filter((result) => isAbnormal(result.flag)).length
  return (
    <Tabs
      value={tab}
      onChange={(value) => {
        if (value !== null) onTab(value as ChartTabName)
      }}
      keepMounted={false}
      classNames={{ root: classes.tabs, list: classes.tabList, tab: classes.tab }}
    >
      <div className={classes.fixed}>
        <PatientBanner patient={patient} />
        <AllergyBand
          allergies={chart.allergies}
          interpreter={patient.interpreter_needed ? (patient.language ?? 'An') : null}
        />
        <Tabs.List aria-label="Chart">
          <Tabs.Tab value="summary">Summary</Tabs.Tab>
          <Tabs.Tab
            value="results"
            rightSection={
              abnormal > 0 ? <TabCount count={abnormal} what="out of range" /> : undefined
            }
          >
            Results
          </Tabs.Tab>
          <Tabs.Tab value="medicines">Medicines</Tabs.Tab>
          <Tabs.Tab value="documents">Documents</Tabs.Tab>
        </Tabs.List>
      </div>
      <Panel name="summary">
        <ChartSummary chart={chart} safety={safety} />
      </Panel>
      <Panel name="results">
        <ResultsTab patientId={patient.id} results={chart.results} />
      </Panel>
      <Panel name="medicines">
        <div className={classes.stack}>
          {safety}
          <MedicinesTab medicines={chart.medicines} />
        </div>
      </Panel>
      <Panel name="documents">
        <DocumentsTab documents={chart.documents} />
      </Panel>
    </Tabs>
  )
}

function Panel({ name, children }: { name: ChartTabName; children: ReactNode }) {
  return (
    <Tabs.Panel value={name} className={classes.panel} tabIndex={0}>
      {children}
    </Tabs.Panel>
  )
}

function TabCount({ count, what }: { count: number; what: string }) {
  return (
    <span className={classes.count}>
      <CircleAlert size={12} aria-hidden="true" />
      {count}
      <span className={classes.hidden}> {what}</span>
    </span>
  )
}
