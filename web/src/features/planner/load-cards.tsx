import { loaded } from '../../api/loaded'
import type { PlanCurves } from '../../api/shapes'
import { Card } from '../../ui/card'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { Explained } from './explained'
import { FiguresTable } from './figures-table'
import { LineChart } from './line-chart'
import classes from './load-cards.module.css'
import { peopleOf, type PlanInputs } from './plan-inputs'
import { amount, count, roundAmount } from './plan-words'
import { useCurves } from './use-plan'

/** What it carries, and what other architectures would cost for fewer or more people. */
export function LoadCards({ inputs }: { inputs: PlanInputs }) {
  const curves = loaded(useCurves(inputs))
  return (
    <div className={classes.pair}>
      <Card title="Answer time over load">
        <LoadedView loaded={curves} subject="Load" loading={<Waiting rows={1} height={260} />}>
          {(data) => <Latency curves={data} />}
        </LoadedView>
      </Card>
      <Card title="Bill over users">
        <LoadedView loaded={curves} subject="Bills" loading={<Waiting rows={1} height={260} />}>
          {(data) => <Bills curves={data} users={peopleOf(inputs)} />}
        </LoadedView>
      </Card>
    </div>
  )
}

function ms(value: number | null): string {
  return value === null ? 'unknown' : `${count(Math.round(value))} ms`
}

function Latency({ curves }: { curves: PlanCurves }) {
  const { latency, capacity, p95_most_ms: limit } = curves
  const known = latency.flatMap(({ per_s: x, mean_ms: mean, p95_ms: p95 }) =>
    mean === null || p95 === null ? [] : [{ x, mean, p95 }],
  )
  const highest = Math.max(...known.map(({ p95 }) => p95), 60)
  const most = highest > limit / 2 ? Math.min(Math.max(highest, limit), limit * 1.2) : highest
  return (
    <>
      <LineChart
        label={`Answer time of ${curves.shape.title} from no load to nine tenths of its cores`}
        lines={[
          {
            name: '19 of 20',
            points: known.map(({ x, p95 }) => ({ x, y: p95 })),
            main: true,
          },
          { name: 'mean', points: known.map(({ x, mean }) => ({ x, y: mean })), dashed: true },
        ]}
        most={most}
        xTick={(value) => (value === 0 ? '0 requests/s' : count(value))}
        yTick={(value) => `${count(value)} ms`}
        limit={{ y: limit, words: `At most ${limit} ms` }}
        marker={{ x: capacity.asked_per_s, words: `Asked: ${count(capacity.asked_per_s)}/s` }}
      />
      <p className={classes.words}>
        {curves.shape.text} carries {count(Math.round(capacity.carries_per_s))} requests a second in
        the busiest minutes; {count(capacity.asked_per_s)} are asked.
        {capacity.ai_per_hour === null
          ? ''
          : ` Its own machines run ${count(Math.round(capacity.ai_per_hour))} AI tasks an hour.`}
      </p>
      <FiguresTable
        caption="Answer time over load"
        head={['Requests a second', 'Mean', '19 of 20 within']}
        rows={latency.map((point) => [count(point.per_s), ms(point.mean_ms), ms(point.p95_ms)])}
      />
    </>
  )
}

function Bills({ curves, users }: { curves: PlanCurves; users: number }) {
  const main = curves.shape.architecture
  const here = monthlyAt(curves, main, users)
  const near = curves.cost.filter(({ architecture }) => {
    const there = monthlyAt(curves, architecture, users)
    return architecture === main || there === null || here === null || there <= here * 3
  })
  const lines = near.map(({ architecture, title, points }) => ({
    name: title,
    main: architecture === main,
    points: points.flatMap(({ users: x, monthly: y }) => (y === null ? [] : [{ x, y }])),
  }))
  const reached = Math.max(users * 5, 1)
  const within = lines.map((line) => ({
    ...line,
    points: line.points.filter(({ x }) => x <= reached),
  }))
  const left = curves.cost.filter((one) => !near.includes(one))
  const most = Math.max(...within.flatMap((line) => line.points.map(({ y }) => y)), 1)
  return (
    <>
      <LineChart
        label="Monthly bill of each architecture over the number of users"
        lines={within}
        most={most}
        xTick={(value) => (value === 0 ? '0 users' : count(value))}
        yTick={roundAmount}
        marker={{ x: users, words: `Asked: ${count(users)}` }}
      />
      <p className={classes.words}>
        <Explained>
          {`AI calls grow with the users. A line ends where no size serves the load.${
            left.length === 0
              ? ''
              : ` Above the chart: ${left
                  .map(({ title, architecture }) => {
                    const there = monthlyAt(curves, architecture, users)
                    return there === null ? title : `${title}, ${amount(there)}`
                  })
                  .join('; ')}.`
          }`}
        </Explained>
      </p>
      <FiguresTable
        caption="Bill over users"
        head={['Users', ...curves.cost.map(({ title }) => title)]}
        rows={(curves.cost[0]?.points ?? []).map((point, at) => [
          count(point.users),
          ...curves.cost.map(({ points }) => {
            const monthly = points[at]?.monthly ?? null
            return monthly === null ? 'cannot serve' : amount(monthly)
          }),
        ])}
      />
    </>
  )
}

function monthlyAt(curves: PlanCurves, architecture: string, users: number): number | null {
  const points = curves.cost.find((one) => one.architecture === architecture)?.points
  return points?.find((point) => point.users === users)?.monthly ?? null
}
