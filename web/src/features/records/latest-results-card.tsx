import type { Result } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { RangeBar } from '../../ui/range-bar'
import classes from './latest-results-card.module.css'
import { ResultValue } from './result-value'

const shownAtMost = 6

/** The newest results, those out of range first, each against its own range. */
export function LatestResultsCard({ results }: { results: Result[] }) {
  const { zone } = useClinic()
  const shown = abnormalFirst(results).slice(0, shownAtMost)
  const dates = new Set(
    shown.map(({ collected_at: at }) => (at === null ? 'Date not recorded' : staffDate(at, zone))),
  )
  const oneDate = dates.size === 1 ? [...dates][0] : undefined
  return (
    <Card title="Latest results" {...(oneDate === undefined ? {} : { aside: oneDate })}>
      {shown.length === 0 && <p className={classes.none}>No results are on record yet.</p>}
      <ul className={classes.list}>
        {shown.map((result) => (
          <li key={result.observation_id} className={classes.row}>
            <div className={classes.name}>
              {result.name}
              {oneDate === undefined && result.collected_at !== null && (
                <span className={classes.date}>{staffDate(result.collected_at, zone)}</span>
              )}
            </div>
            <div className={classes.range}>
              <RangeBar
                low={result.low}
                high={result.high}
                value={result.value}
                flag={result.flag}
              />
              <span>{result.range_text ?? 'no range sent'}</span>
            </div>
            <ResultValue result={result} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function rank({ flag }: Result): number {
  if (flag === 'CRITICAL_HIGH' || flag === 'CRITICAL_LOW') return 0
  return flag === 'HIGH' || flag === 'LOW' ? 1 : 2
}

function newestOf(results: Result[]): string {
  return results.reduce((newest, { collected_at: at }) => {
    const day = (at ?? '').slice(0, 10)
    return day > newest ? day : newest
  }, '')
}

/** The newest day's results before older ones; within each, what needs a look first. */
export function abnormalFirst(results: Result[]): Result[] {
  const newest = newestOf(results)
  const isOld = ({ collected_at: at }: Result): number => ((at ?? '').slice(0, 10) < newest ? 1 : 0)
  return results.toSorted((one, other) => isOld(one) - isOld(other) || rank(one) - rank(other))
}
