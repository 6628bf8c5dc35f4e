import type { Visit } from '../../api/shapes'

/** How far a visit is; the platform's own words. */
export type Stage =
  | 'requested'
  | 'booked'
  | 'confirmed'
  | 'arrived'
  | 'roomed'
  | 'with-clinician'
  | 'done'
  | 'cancelled'
  | 'no-show'
  | 'awaiting'

/** A step that the front desk may take with a visit. */
export interface VisitStep {
  stage: Stage
  label: string
}

const confirm: VisitStep = { stage: 'confirmed', label: 'Confirm' }
const arrive: VisitStep = { stage: 'arrived', label: 'Arrived' }
const room: VisitStep = { stage: 'roomed', label: 'Room' }
const see: VisitStep = { stage: 'with-clinician', label: 'With clinician' }
const finish: VisitStep = { stage: 'done', label: 'Done' }
const miss: VisitStep = { stage: 'no-show', label: 'No-show' }
const cancel: VisitStep = { stage: 'cancelled', label: 'Cancel visit' }

interface Steps {
  /** Buttons in the row; the first is the usual one. */
  shown: readonly VisitStep[]
  /** The rarer ones, in the row's menu. */
  more: readonly VisitStep[]
}

const steps: Record<Stage, Steps> = {
  requested: { shown: [{ stage: 'booked', label: 'Accept' }], more: [cancel] },
  booked: { shown: [arrive, confirm], more: [miss, cancel] },
  confirmed: { shown: [arrive], more: [miss, cancel] },
  arrived: { shown: [room, see], more: [cancel] },
  roomed: { shown: [see, finish], more: [] },
  'with-clinician': { shown: [finish], more: [] },
  done: { shown: [], more: [] },
  cancelled: { shown: [], more: [] },
  'no-show': { shown: [{ stage: 'arrived', label: 'Came after all' }], more: [] },
  awaiting: { shown: [], more: [cancel] },
}

function isStage(stage: string): stage is Stage {
  return stage in steps
}

/** The steps that may follow; none for a stage that this screen does not know. */
export function stepsOf(visit: Visit): Steps {
  return isStage(visit.stage) ? steps[visit.stage] : { shown: [], more: [] }
}

/** Whether a visit can take this step now. */
export function stepTo(visit: Visit, stage: Stage): VisitStep | undefined {
  const { shown, more } = stepsOf(visit)
  return [...shown, ...more].find((step) => step.stage === stage)
}

const untouched = new Set(['requested', 'booked', 'awaiting'])

/** Whether there may be a step to take back; signed work is never taken back here. */
export function mayUndo(visit: Visit): boolean {
  return visit.status !== 'signed' && !untouched.has(visit.stage)
}

/** The groups that the tiles count. */
export const groups = ['expected', 'arrived', 'in-room', 'done', 'action'] as const
export type Group = (typeof groups)[number]

export const groupNames: Record<Group, string> = {
  expected: 'Expected',
  arrived: 'Arrived',
  'in-room': 'In room',
  done: 'Done',
  action: 'Needs action',
}

const groupOfStage: Partial<Record<string, Group>> = {
  booked: 'expected',
  confirmed: 'expected',
  arrived: 'arrived',
  roomed: 'in-room',
  'with-clinician': 'in-room',
  done: 'done',
  requested: 'action',
  awaiting: 'action',
}
const lateAfterMs = 15 * 60_000

/** Where a visit is counted, once; cancelled and missed ones nowhere. */
export function groupOf(visit: Visit, now: Date): Group | undefined {
  const group = groupOfStage[visit.stage]
  const isLate = now.getTime() - Date.parse(visit.start) > lateAfterMs
  return group === 'expected' && isLate ? 'action' : group
}

/** The visits behind a tile: as many rows as the tile says. */
export function inGroup(visits: readonly Visit[], group: Group, now: Date): Visit[] {
  return visits.filter((visit) => groupOf(visit, now) === group)
}

const timed = new Set(['arrived', 'roomed', 'with-clinician'])

/** Whole minutes in a stage that is timed. */
function minutesInStage(visit: Visit, now: Date): number | undefined {
  if (visit.since === null || !timed.has(visit.stage)) return undefined
  return Math.max(0, Math.floor((now.getTime() - Date.parse(visit.since)) / 60_000))
}

const words: Record<Stage, string> = {
  requested: 'Requested',
  booked: 'Booked',
  confirmed: 'Confirmed',
  arrived: 'Arrived',
  roomed: 'In room',
  'with-clinician': 'With clinician',
  done: 'Done',
  cancelled: 'Cancelled',
  'no-show': 'No-show',
  awaiting: 'Waits for a call',
}

/** Where a visit stands, in words, with its timer. */
export function stageWords(visit: Visit, now: Date): string {
  const name = isStage(visit.stage) ? words[visit.stage] : visit.status_text
  const minutes = minutesInStage(visit, now)
  const where = visit.stage === 'roomed' && visit.place !== null ? ` · ${visit.place}` : ''
  return minutes === undefined ? name : `${name}${where} · ${minutes} min`
}
