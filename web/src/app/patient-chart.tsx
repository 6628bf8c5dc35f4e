import { loaded } from '../api/loaded'
import { ChartView } from '../features/records/chart-view'
import { useChart } from '../features/records/use-chart'
import { SafetyCards } from '../features/safety-cards/safety-cards'
import type { ChartTab } from './chart-tabs'

interface PatientChartProps {
  patientId: string
  tab: ChartTab
  onTab: (tab: ChartTab) => void
}

/** A chart with its data. */
export function PatientChart({ patientId, tab, onTab }: PatientChartProps) {
  return (
    <ChartView
      chart={loaded(useChart(patientId))}
      tab={tab}
      onTab={onTab}
      safety={<SafetyCards patientId={patientId} />}
    />
  )
}
