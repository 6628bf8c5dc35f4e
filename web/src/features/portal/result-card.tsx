import { CircleCheck } from 'lucide-react'
import type { PortalResult, Trend } from '../../api/shapes'
import { flagWords, isAbnormal } from '../../ui/flags'
import { RangeBar } from '../../ui/range-bar'
import { TrendChart } from '../../ui/trend-chart'
import classes from './result-card.module.css'

/** One result: the number, where it lies, what it is, what to do. */
export function ResultCard({ result }: { result: PortalResult }) {
  const abnormal = isAbnormal(result.flag)
  return (
    <article className={classes.card}>
      <h2 className={classes.name}>{result.plain_name}</h2>
      {result.name !== result.plain_name && (
        <p className={classes.lab}>Also called {result.name}</p>
      )}
      <p className={classes.value}>
        <strong data-abnormal={abnormal || undefined}>
          {result.value_text}
          {result.unit === null ? '' : `\u00a0${result.unit}`}
        </strong>
        <FlagLine result={result} />
      </p>
      <RangeBar
        low={result.low}
        high={result.high}
        value={result.value}
        flag={result.flag}
        size="patient"
      />
      {result.range_text !== null && (
        <p className={classes.range}>
          Usual range: {result.range_text}
          {result.unit === null ? '' : `\u00a0${result.unit}`}
        </p>
      )}
      {result.what_it_is !== null && (
        <div className={classes.part}>
          <h3>What it is</h3>
          <p>{result.what_it_is}</p>
        </div>
      )}
      {result.advice !== null && (
        <div className={classes.part}>
          <h3>What to do</h3>
          <p>{result.advice}</p>
        </div>
      )}
      {result.trend.length > 1 && (
        <div className={classes.part}>
          <h3>Over time</h3>
          <TrendChart trend={trendOf(result)} height={190} audience="patient" />
        </div>
      )}
    </article>
  )
}

function FlagLine({ result }: { result: PortalResult }) {
  const words = flagWords(result.flag)
  if (words === null) return null
  return (
    <span className={classes.flag} data-tone={words.tone}>
      {words.arrow === '' ? (
        <CircleCheck size={18} aria-hidden="true" />
      ) : (
        <span aria-hidden="true">{words.arrow} </span>
      )}
      {result.flag_words ?? words.word}
    </span>
  )
}

/** The portal's points as the chart draws them. */
function trendOf(result: PortalResult): Trend {
  return {
    code: result.code,
    name: result.plain_name,
    unit: result.unit,
    low: result.low,
    high: result.high,
    events: [],
    change_text: null,
    left_out: 0,
    points: result.trend.map(({ at, value, value_text: text }, place) => ({
      at,
      value,
      value_text: text,
      flag: null,
      observation_id: `${at}-${place}`,
    })),
  }
}
