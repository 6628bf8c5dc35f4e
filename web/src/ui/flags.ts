import type { Flag } from '../api/shapes'

/** How a flag is shown: never by colour alone, always an arrow and a word. */
interface FlagWords {
  arrow: '▲' | '▼' | ''
  word: string
  tone: 'red' | 'green'
}

const words: Record<Flag, FlagWords> = {
  LOW: { arrow: '▼', word: 'Low', tone: 'red' },
  HIGH: { arrow: '▲', word: 'High', tone: 'red' },
  CRITICAL_LOW: { arrow: '▼', word: 'Critically low', tone: 'red' },
  CRITICAL_HIGH: { arrow: '▲', word: 'Critically high', tone: 'red' },
  NORMAL: { arrow: '', word: 'In range', tone: 'green' },
}

/** Return the words of a flag, or null where the laboratory and we say nothing. */
export function flagWords(flag: string | null | undefined): FlagWords | null {
  return Object.hasOwn(words, flag ?? '') ? words[flag as Flag] : null
}

/** Whether a flag asks for attention. */
export function isAbnormal(flag: string | null | undefined): boolean {
  return flag !== null && flag !== undefined && flag !== 'NORMAL'
}
