import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client'
import { growthQueryOf, queryOf, type PlanInputs } from './plan-inputs'

/** Numbers on the screen stay until the next ones are there. */
const steady = { placeholderData: keepPreviousData, staleTime: 5 * 60_000 } as const
const lasting = { staleTime: 60 * 60_000 } as const

/** The decision, which is there also where nothing fits; and the whole answer, where something does. */
export function usePlan(inputs: PlanInputs) {
  const query = queryOf(inputs)
  const decision = api.useQuery('get', '/api/plan/decision', { params: { query } }, steady)
  const fits = !decision.isPlaceholderData && decision.data?.best != null
  const asked = { ...steady, enabled: fits }
  const answer = api.useQuery('get', '/api/plan/answer', { params: { query } }, asked)
  return { decision, answer, isWorking: decision.isFetching || answer.isFetching }
}

/** Growth month by month, with cost bands. */
export function useGrowth(inputs: PlanInputs) {
  const query = growthQueryOf(inputs)
  return api.useQuery('get', '/api/plan/growth', { params: { query } }, steady)
}

/** Latency over load, and bills over users. */
export function useCurves(inputs: PlanInputs) {
  const query = queryOf(inputs)
  return api.useQuery('get', '/api/plan/curves', { params: { query } }, steady)
}

/** Two architectures side by side. */
export function useComparison(inputs: PlanInputs, names: readonly string[]) {
  const query = { ...queryOf(inputs), names: [...names] }
  return api.useQuery('get', '/api/plan/comparison', { params: { query } }, steady)
}

/** The steps from one architecture to another. */
export function useMigration(inputs: PlanInputs, before: string, after: string) {
  const query = { ...queryOf(inputs), before, after }
  return api.useQuery('get', '/api/plan/migration', { params: { query } }, steady)
}

/** Which way to run AI is cheapest, by calls a month. */
export function useBreakEven(inputs: PlanInputs) {
  const query = queryOf(inputs)
  return api.useQuery('get', '/api/plan/breakeven', { params: { query } }, steady)
}

/** Terms and their meaning. */
export function useGlossary() {
  return api.useQuery('get', '/api/plan/glossary', {}, lasting)
}

/** The guide reproduced; asked only when somebody wants to see it. */
export function useGuide({ enabled }: { enabled: boolean }) {
  return api.useQuery('get', '/api/plan/guide', {}, { ...lasting, enabled })
}
