import type { AiSwitch } from '../../api/shapes'
import { taskWords } from '../../ui/task-words'

/** What a switch speaks of; nothing named means everything. */
interface Switched {
  task: string | null
  engine: string | null
}

/** A switch that someone is about to turn. */
export interface Turn extends Switched {
  isOff: boolean
}

/** `Lab results on gemini`, `All tasks on gemini`, `All AI` */
export function subjectOf({ task, engine }: Switched): string {
  if (task === null && engine === null) return 'All AI'
  if (engine === null) return `${taskWords(task ?? '')} on every engine`
  return task === null ? `Everything on ${engine}` : `${taskWords(task)} on ${engine}`
}

/** What follows of turning it. */
export function effectOf({ task, engine, isOff }: Turn): string {
  if (!isOff) return 'It may be asked again within a minute.'
  const next =
    engine === null
      ? 'It is done by hand until someone turns it on.'
      : 'The next engine that may is asked, or the work is done by hand.'
  const what = task === null ? 'No task' : 'This task no longer'
  return `${what} runs ${engine === null ? 'on any engine' : `on ${engine}`} within a minute. ${next}`
}

/** The switch that is off for exactly this, if there is one. */
export function offFor(switches: readonly AiSwitch[], wanted: Switched): AiSwitch | undefined {
  return switches.find(
    (one) => one.is_off && one.task === wanted.task && one.engine === wanted.engine,
  )
}
