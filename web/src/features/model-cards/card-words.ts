import type { ModelCard } from '../../api/shapes'

type Engine = ModelCard['engines'][number]

/** What an engine is, in words. */
export function engineWords({ asks_model, leaves_machine }: Engine): string {
  const what = asks_model ? 'asks a model' : 'rules and tables'
  return leaves_machine ? `${what}, elsewhere` : `${what}, on this machine`
}

/** In one word whether anybody can do the task now. */
export function standing({ engines }: ModelCard): 'ready' | 'elsewhere' | 'nobody' {
  const able = engines.filter(({ available }) => available)
  if (able.length === 0) return 'nobody'
  return able.some(({ leaves_machine }) => !leaves_machine) ? 'ready' : 'elsewhere'
}

/** `medication request` from `MedicationRequest`. */
export function spaced(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLocaleLowerCase()
}

/** A value with its unit in one piece. */
export function unbroken(value: string): string {
  return value.replaceAll(/(?<=\d) (?=%|ms\b|s\b)/g, '\u00a0')
}
