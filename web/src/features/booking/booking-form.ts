import type { OnlineType } from '../../api/shapes'

/** What a visitor has told so far; it lives in this page alone and is gone with it. */
export interface BookingForm {
  hasBeen: boolean | null
  type: string | null
  given: string
  family: string
  day: string
  month: string
  year: string
  email: string
  answers: Record<string, string>
  agreed: Record<string, string>
}

export const emptyForm: BookingForm = {
  hasBeen: null,
  type: null,
  given: '',
  family: '',
  day: '',
  month: '',
  year: '',
  email: '',
  answers: {},
  agreed: {},
}

/** The pages of the way to a visit, in order; each question before the visit is one of its own. */
type Step =
  'before' | 'kind' | 'time' | 'name' | 'born' | 'contact' | `q-${string}` | 'agree' | 'code'

/** The pages that a kind of visit asks for. */
export function stepsOf(type: OnlineType | undefined): Step[] {
  const questions = (type?.questions ?? []).map((one): Step => `q-${one.id}`)
  return ['before', 'kind', 'time', 'name', 'born', 'contact', ...questions, 'agree', 'code']
}

/** The first page that cannot be left out: what an address with nothing behind it leads to. */
export function reachable(
  asked: string | undefined,
  steps: Step[],
  form: BookingForm,
  holds: boolean,
): Step {
  const step = steps.find((one) => one === asked) ?? 'before'
  const at = steps.indexOf(step)
  if (form.hasBeen === null) return 'before'
  if (form.type === null && at > steps.indexOf('kind')) return 'kind'
  if (!holds && at > steps.indexOf('time')) return 'time'
  return step
}

/** `1985-03-27` from three fields, or nothing where they are no date that is over. */
export function birthDate(form: BookingForm, now: Date): string | undefined {
  const parts = [form.year, form.month, form.day].map((text) => Number(text.trim()))
  const [year = 0, month = 0, day = 0] = parts
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal =
    /^\d{4}$/.test(form.year.trim()) &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day
  return isReal && year > 1899 && date <= now ? date.toISOString().slice(0, 10) : undefined
}

/** Lines as they are sent: one of a list on each line, without empty ones. */
export function lines(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

export const emailShape = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
export const phoneShape = /^\+?[0-9 ().-]{5,30}$/
