import { peopleOf, type PlanInputs } from './plan-inputs'
import { amount, count } from './plan-words'

const rulesNames = { none: 'no rules', hipaa: 'HIPAA', gdpr: 'GDPR', soc2: 'SOC 2' } as const

/** `300 people, 10,000 AI calls a month, HIPAA, at most $100.00` */
export function summaryOf(inputs: PlanInputs): string {
  return [
    `${count(peopleOf(inputs))} people`,
    `${count(inputs.ai)} AI calls a month`,
    rulesNames[inputs.compliance],
    ...(inputs.budget === null ? [] : [`at most ${amount(inputs.budget)}`]),
  ].join(', ')
}
