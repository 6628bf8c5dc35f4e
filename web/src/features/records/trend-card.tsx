import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Trend } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Pill } from '../../ui/pill'
import { TrendChart } from '../../ui/trend-chart'
import classes from './trend-card.module.css'
import { trendDirection, trendSpan } from './trend-direction'

/** One analyte over time; the others are a choice away. */
export function TrendCard({ trends }: { trends: Trend[] }) {
  const [code, setCode] = useState<string | null>(null)
  const trend = trends.find((one) => one.code === code) ?? trends[0]
  if (trend === undefined)
    return (
      <Card title="Trend">
        <p className={classes.none}>No result has been measured twice yet.</p>
      </Card>
    )
  const span = trendSpan(trend)
  return (
    <Card
      title={span === null ? trend.name : `${trend.name}, ${span}`}
      aside={
        <div className={classes.aside}>
          <Change trend={trend} />
          {trends.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Show the trend of"
              value={trend.code}
              onChange={(event) => {
                setCode(event.currentTarget.value)
              }}
              data={trends.map((one) => ({ value: one.code, label: one.name }))}
            />
          )}
        </div>
      }
    >
      <TrendChart trend={trend} height={232} />
      <LeftOut trend={trend} />
    </Card>
  )
}

function Change({ trend }: { trend: Trend }) {
  if (trend.change_text === null) return null
  const tone = { better: 'green', worse: 'red', same: 'grey' } as const
  return <Pill tone={tone[trendDirection(trend)]}>{trend.change_text}</Pill>
}

function LeftOut({ trend }: { trend: Trend }) {
  if (trend.left_out === 0) return null
  return (
    <p className={classes.none}>
      {trend.left_out} {trend.left_out === 1 ? 'value' : 'values'} in another unit not shown.
    </p>
  )
}
