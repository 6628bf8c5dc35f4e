import type { Result } from '../../api/shapes'
import { flagWords, isAbnormal } from '../../ui/flags'
import classes from './result-value.module.css'

/** A result as number, unit, arrow and word. */
export function ResultValue({ result }: { result: Result }) {
  const words = flagWords(result.flag)
  const abnormal = isAbnormal(result.flag)
  return (
    <div className={classes.value} data-abnormal={abnormal || undefined}>
      <span className={classes.number}>
        {words !== null && words.arrow !== '' && <span aria-hidden="true">{words.arrow} </span>}
        {result.value_text}
      </span>
      <span className={classes.unit}>{result.unit === null ? '' : `\u00a0${result.unit}`}</span>
      {abnormal && words !== null && <span className={classes.word}>{words.word}</span>}
    </div>
  )
}
