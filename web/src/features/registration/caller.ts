/** What somebody at the telephone says of themselves, as it is typed. */

export interface Caller {
  family?: string
  given?: string
  /** YYYY-MM-DD */
  birth_date?: string
  phone?: string
  record_number?: string
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function isoDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? date.toISOString().slice(0, 10) : undefined
}

/** A date as staff type one: 1984-03-02, 02-Mar-1984 or 3/2/1984, month first. */
export function dayTyped(word: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word)
  if (iso) return isoDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const letters = /^(\d{1,2})-([a-z]{3})-(\d{4})$/i.exec(word)
  if (letters)
    return isoDay(
      Number(letters[3]),
      months.indexOf((letters[2] ?? '').toLowerCase()) + 1,
      Number(letters[1]),
    )
  const slashes = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word)
  if (slashes) return isoDay(Number(slashes[3]), Number(slashes[1]), Number(slashes[2]))
  return undefined
}

function isPhone(text: string): boolean {
  return /^[+\d().\s-]+$/.test(text) && text.replace(/\D/g, '').length >= 7
}

function named(parts: string[]): Pick<Caller, 'family' | 'given'> {
  const [first, second] = parts.map((part) => part.trim())
  if (first === undefined || first === '') return {}
  if (second) return { family: first, given: second }
  const words = first.split(/\s+/)
  const last = words.pop() ?? first
  return words.length === 0 ? { family: last } : { family: last, given: words.join(' ') }
}

/** Take what was typed apart: "Jonson, 1984-03-02", "Paul Johnson", "CF-104317", "207 555 0107". */
export function callerOf(typed: string): Caller {
  const found: Caller = {}
  if (isPhone(typed.trim()) && dayTyped(typed.trim()) === undefined) return { phone: typed.trim() }
  const rest = typed
    .split(/(\s+|,)/)
    .filter((word) => {
      const day = dayTyped(word)
      if (day !== undefined) found.birth_date = day
      else if (/\d/.test(word)) found.record_number = word
      else return true
      return false
    })
    .join('')
  return { ...found, ...named(rest.split(',').filter((part) => part.trim() !== '')) }
}

/** Whether enough is known to look for somebody. */
export function isEnough({ family, birth_date, phone, record_number }: Caller): boolean {
  return [birth_date, phone, record_number].some(Boolean) || (family ?? '').length >= 2
}
