/** The tabs a chart has today, as they stand in addresses. */
const chartTabs = ['summary', 'results', 'medicines', 'documents'] as const

export type ChartTab = (typeof chartTabs)[number]

/** The tab an address names, or the first. */
export function chartTabOf(text: string | undefined): ChartTab {
  return chartTabs.find((tab) => tab === text) ?? 'summary'
}
