/** What is asked of a plan, as the address holds it and as the platform is asked. */

const rules = ['none', 'hipaa', 'gdpr', 'soc2'] as const
const needs = ['none', 'basic', 'advanced', 'custom', 'private'] as const
const stages = ['development', 'mvp', 'production', 'enterprise'] as const
const catalogs = ['current', 'guide'] as const
const patterns = ['own', 'low', 'medium', 'high'] as const

type Rules = (typeof rules)[number]
type GrowthPattern = (typeof patterns)[number]

/** Null is "not stated": the planner then derives it, or sets no limit. */
export interface PlanInputs {
  patients: number
  staff: number
  documents: number | null
  visits: number | null
  ai: number
  tokens: number | null
  data: number | null
  compliance: Rules
  budget: number | null
  uptime: number | null
  need: (typeof needs)[number] | null
  stage: (typeof stages)[number] | null
  months: number
  catalog: (typeof catalogs)[number]
  isPrivate: boolean
  hasQueue: boolean
  growth: GrowthPattern
  /** Percent a year that the clinic grows where the growth is its own. */
  yearly: number
  /** The architecture set beside the recommended one. */
  beside: string | null
  /** The architecture that runs now. */
  from: string | null
  /** Another plan, kept to compare with: its own address. */
  kept: string | null
}

/** A practice of 300 people under HIPAA, so that the page opens with something to look at. */
export const startingInputs: PlanInputs = {
  patients: 285,
  staff: 15,
  documents: null,
  visits: null,
  ai: 10_000,
  tokens: null,
  data: null,
  compliance: 'hipaa',
  budget: 100,
  uptime: null,
  need: null,
  stage: null,
  months: 36,
  catalog: 'current',
  isPrivate: false,
  hasQueue: false,
  growth: 'own',
  yearly: 10,
  beside: null,
  from: null,
  kept: null,
}

/** The names under which the address holds inputs, one for each. */
const addressNames = {
  patients: 'patients',
  staff: 'staff',
  documents: 'documents',
  visits: 'visits',
  ai: 'ai',
  tokens: 'tokens',
  data: 'data',
  compliance: 'compliance',
  budget: 'budget',
  uptime: 'uptime',
  need: 'need',
  stage: 'stage',
  months: 'months',
  catalog: 'catalog',
  isPrivate: 'private',
  hasQueue: 'queue',
  growth: 'growth',
  yearly: 'yearly',
  beside: 'beside',
  from: 'from',
  kept: 'kept',
} as const satisfies Record<keyof PlanInputs, string>

type AddressName = (typeof addressNames)[keyof PlanInputs]
/** Numbers stay numbers: an address would write a text of digits in quotation marks. */
export type PlanSearch = Partial<Record<AddressName, string | number>>

/** Keep what an address may hold. */
export function planSearch(search: Record<string, unknown>): PlanSearch {
  const found = Object.values(addressNames).flatMap((name) => {
    const value = search[name]
    const isText = typeof value === 'string' || typeof value === 'number'
    return isText && value !== '' ? [[name, value] as const] : []
  })
  return Object.fromEntries(found)
}

type Held = string | number | undefined

function number(text: Held, otherwise: number): number {
  const value = Number(text)
  return text === undefined || !Number.isFinite(value) ? otherwise : value
}

function maybe(text: Held, otherwise: number | null): number | null {
  if (text === 'none') return null
  const value = Number(text)
  return text === undefined || !Number.isFinite(value) ? otherwise : value
}

function oneOf<T extends string>(text: Held, known: readonly T[]): T | undefined {
  return known.find((one) => one === text)
}

function name(text: Held): string | null {
  return typeof text === 'string' ? text : null
}

/** Read inputs from an address; what is missing or makes no sense is as at the start. */
export function inputsOf(search: PlanSearch): PlanInputs {
  const start = startingInputs
  return {
    patients: number(search.patients, start.patients),
    staff: number(search.staff, start.staff),
    documents: maybe(search.documents, null),
    visits: maybe(search.visits, null),
    ai: number(search.ai, start.ai),
    tokens: maybe(search.tokens, null),
    data: maybe(search.data, null),
    compliance: oneOf(search.compliance, rules) ?? start.compliance,
    budget: maybe(search.budget, start.budget),
    uptime: maybe(search.uptime, null),
    need: oneOf(search.need, needs) ?? null,
    stage: oneOf(search.stage, stages) ?? null,
    months: number(search.months, start.months),
    catalog: oneOf(search.catalog, catalogs) ?? start.catalog,
    isPrivate: Number(search.private) === 1,
    hasQueue: Number(search.queue) === 1,
    growth: oneOf(search.growth, patterns) ?? start.growth,
    yearly: number(search.yearly, start.yearly),
    beside: name(search.beside),
    from: name(search.from),
    kept: name(search.kept),
  }
}

/** Write inputs for an address: only what differs from the start. */
export function searchOf(inputs: PlanInputs): PlanSearch {
  const names = Object.keys(addressNames) as (keyof PlanInputs)[]
  return Object.fromEntries(
    names
      .filter((name) => inputs[name] !== startingInputs[name])
      .map((name) => [addressNames[name], written(inputs[name])]),
  )
}

function written(value: PlanInputs[keyof PlanInputs]): string | number {
  if (value === null) return 'none'
  return typeof value === 'boolean' ? 1 : value
}

/** Write a plan down so that another can be set beside it. */
export function keep(inputs: PlanInputs): string {
  const search = searchOf({ ...inputs, beside: null, from: null, kept: null })
  const pairs = Object.entries(search).map(([key, value]) => [key, String(value)])
  return pairs.length === 0 ? 'start' : new URLSearchParams(pairs).toString()
}

/** Read a plan that was kept. */
export function inputsKept(kept: string): PlanInputs {
  return inputsOf(planSearch(Object.fromEntries(new URLSearchParams(kept))))
}

/** Everybody with an account. */
export function peopleOf({ patients, staff }: PlanInputs): number {
  return patients + staff
}

/** What every question to the planner carries. */
export function queryOf(inputs: PlanInputs) {
  return {
    users: String(peopleOf(inputs)),
    ai_requests_per_month: String(inputs.ai),
    compliance: inputs.compliance,
    months: String(inputs.months),
    catalog: inputs.catalog,
    ...stated('documents_per_day', inputs.documents),
    ...stated('visits_per_day', inputs.visits),
    ...stated('tokens_per_ai_request', inputs.tokens),
    ...stated('data_gb', inputs.data),
    ...stated('budget', inputs.budget),
    ...stated('uptime', inputs.uptime),
    ...stated('ai', inputs.need),
    ...stated('stage', inputs.stage),
    ...(inputs.isPrivate ? { private_subnets: true } : {}),
    ...(inputs.hasQueue ? { managed_redis: true } : {}),
  }
}

function stated<N extends string>(
  name: N,
  value: number | string | null,
): Partial<Record<N, string>> {
  return value === null ? {} : ({ [name]: String(value) } as Partial<Record<N, string>>)
}

/** The clinic's own growth as points of a curve, a step a year: `month:users:ai,…`. */
export function ownCurve(inputs: PlanInputs): string {
  const ends = [1, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120].filter((at) => at < inputs.months)
  return [...ends, Math.max(1, inputs.months)]
    .map((month) => {
      const factor = (1 + inputs.yearly / 100) ** (month === 1 ? 0 : month / 12)
      const users = Math.round(peopleOf(inputs) * factor)
      return `${month}:${users}:${Math.round(inputs.ai * factor)}`
    })
    .join(',')
}

/** The question of growth: without the budget, which is drawn and not enforced. */
export function growthQueryOf(inputs: PlanInputs) {
  return {
    ...queryOf({ ...inputs, budget: null }),
    ...(inputs.growth === 'own' ? { curve: ownCurve(inputs) } : { growth: inputs.growth }),
  }
}
