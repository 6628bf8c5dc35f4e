import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { loaded } from '../../api/loaded'
import type { Result } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { FlagMark } from '../../ui/flag-mark'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { RangeBar } from '../../ui/range-bar'
import { Waiting } from '../../ui/waiting'
import { abnormalFirst } from './latest-results-card'
import classes from './results-tab.module.css'
import { TrendCard } from './trend-card'
import { useTrend } from './use-trend'

interface ResultsTabProps {
  patientId: string
  results: Result[]
}

/** The newest value of every analyte; choosing one draws it over time. */
export function ResultsTab({ patientId, results }: ResultsTabProps) {
  const sorted = abnormalFirst(results)
  const [code, setCode] = useState<string | undefined>(sorted[0]?.code)
  if (code === undefined)
    return (
      <Note icon={FlaskConical} title="No results yet">
        Signed results appear here with their ranges.
      </Note>
    )
  return (
    <div className={classes.split}>
      <div className={classes.frame}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Test</th>
              <th scope="col">Value</th>
              <th scope="col">Range</th>
              <th scope="col" className={classes.collected}>
                Collected
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((result) => (
              <ResultRow
                key={result.observation_id}
                result={result}
                chosen={result.code === code}
                onChoose={() => {
                  setCode(result.code)
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.trend}>
        <ChosenTrend patientId={patientId} code={code} />
      </div>
    </div>
  )
}

function ChosenTrend({ patientId, code }: { patientId: string; code: string }) {
  const trend = loaded(useTrend(patientId, code))
  return (
    <LoadedView loaded={trend} subject="The trend" loading={<Waiting rows={1} height={260} />}>
      {(data) => <TrendCard trends={[data]} />}
    </LoadedView>
  )
}

interface ResultRowProps {
  result: Result
  chosen: boolean
  onChoose: () => void
}

function ResultRow({ result, chosen, onChoose }: ResultRowProps) {
  const { zone } = useClinic()
  return (
    <tr data-chosen={chosen || undefined}>
      <th scope="row">
        <button type="button" className={classes.choose} aria-pressed={chosen} onClick={onChoose}>
          {result.name}
        </button>
        {result.collected_at !== null && (
          <span className={classes.narrowDate}>{staffDate(result.collected_at, zone)}</span>
        )}
      </th>
      <td className={classes.value}>
        {result.value_text}
        {result.unit === null ? '' : `\u00a0${result.unit}`} <FlagMark flag={result.flag} />
      </td>
      <td className={classes.range}>
        <RangeBar low={result.low} high={result.high} value={result.value} flag={result.flag} />
        {result.range_text ?? 'no range sent'}
      </td>
      <td className={classes.collected}>
        {result.collected_at === null ? 'Not recorded' : staffDate(result.collected_at, zone)}
        {result.source !== null && <span className={classes.source}>{result.source}</span>}
      </td>
    </tr>
  )
}
