import { Button, Group } from '@mantine/core'
import { GitMerge } from 'lucide-react'
import classes from './conflict-notice.module.css'

interface ConflictNoticeProps {
  /** Load the other person's version, keeping one's own changes on top or not. */
  onLoad: (keepMine: boolean) => Promise<void>
}

/** Two people changed the same draft: show it, and let this person choose. */
export function ConflictNotice({ onLoad }: ConflictNoticeProps) {
  return (
    <div className={classes.notice} role="alert">
      <p className={classes.title}>
        <GitMerge size={16} aria-hidden="true" />
        Someone else changed this draft while you worked
      </p>
      <p>Your last changes are not stored yet.</p>
      <Group gap="xs" mt="xs">
        <Button size="compact-md" onClick={() => void onLoad(true)}>
          Load theirs, then apply mine
        </Button>
        <Button size="compact-md" variant="default" onClick={() => void onLoad(false)}>
          Load theirs, drop mine
        </Button>
      </Group>
    </div>
  )
}
