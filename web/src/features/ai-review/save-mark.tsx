import { CircleAlert, CloudCheck, CloudUpload, type LucideIcon } from 'lucide-react'
import classes from './save-mark.module.css'
import type { SaveState } from './use-autosave'

const looks: Record<SaveState['state'], { icon: LucideIcon; words: string; trouble: boolean }> = {
  saved: { icon: CloudCheck, words: 'Saved', trouble: false },
  unsaved: { icon: CloudUpload, words: 'Not saved yet', trouble: false },
  saving: { icon: CloudUpload, words: 'Saving', trouble: false },
  conflict: { icon: CircleAlert, words: 'Not saved: changed by someone else', trouble: true },
  failed: { icon: CircleAlert, words: 'Not saved', trouble: true },
}

/** Whether the last change is stored. */
export function SaveMark({ state }: { state: SaveState }) {
  const { icon: Icon, words, trouble } = looks[state.state]
  return (
    <span
      className={classes.mark}
      data-trouble={trouble || undefined}
      role={trouble ? 'alert' : 'status'}
    >
      <Icon size={15} aria-hidden="true" />
      {state.state === 'failed' ? `${words}: ${state.message}` : words}
    </span>
  )
}
