import type { PlanGrowth } from '../../api/shapes'
import { money } from './plan-words'

/** A month in which something happens, numbered as in the list below the chart. */
export interface GrowthEvent {
  month: PlanGrowth['months'][number]
  number: number
  text: string
}

/** What happens when: moves, thresholds of the guide, and the own budget. */
export function eventsOf(lived: PlanGrowth, budget: number | null): GrowthEvent[] {
  const over = budget === null ? undefined : lived.months.find(({ total }) => total.high > budget)
  return lived.months
    .map((month) => {
      const words = [
        ...(month.moved === '' || month.month === 1
          ? []
          : [`${month.title}, ${month.size}: ${month.moved}`]),
        ...month.crossings.map(({ sentence, line }) => `${sentence} (the guide, L${line})`),
        ...(month === over ? [`the bill passes the budget: ${money(month.total)}`] : []),
      ]
      return { month, text: words.map((text) => text.replace(/\.$/, '')).join('; ') }
    })
    .filter(({ text }) => text !== '')
    .map((event, at) => ({ ...event, number: at + 1 }))
}
