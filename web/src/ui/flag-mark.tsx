import type { Flag } from '../api/shapes'
import { flagWords } from './flags'
import { Pill } from './pill'

interface FlagMarkProps {
  flag: Flag | null | undefined
  /** Whether `In range` is worth saying here. */
  sayNormal?: boolean
}

/** `▲ High` as a small pill. */
export function FlagMark({ flag, sayNormal = false }: FlagMarkProps) {
  const words = flagWords(flag)
  if (words === null || (flag === 'NORMAL' && !sayNormal)) return null
  const critical = flag === 'CRITICAL_HIGH' || flag === 'CRITICAL_LOW'
  return (
    <Pill tone={critical ? 'red-filled' : words.tone} square>
      {words.arrow !== '' && <span aria-hidden="true">{words.arrow} </span>}
      {words.word}
    </Pill>
  )
}
