import { Textarea } from '@mantine/core'
import type { PatientLine, Twin } from '../../api/shapes'
import { LikelyList } from './likely-list'
import classes from './registration.module.css'

interface TwinWarningProps {
  twins: readonly Twin[]
  /** Why it is another person, as typed so far. */
  despite: string
  onDespite: (reason: string) => void
  onPick: (patient: PatientLine) => void
}

/** Whom the person may be already; going on with a new record takes a reason. */
export function TwinWarning({ twins, despite, onDespite, onPick }: TwinWarningProps) {
  return (
    <section className={classes.warning} aria-label="Possible duplicate" role="alert">
      <h3>This person seems to be registered already</h3>
      <LikelyList
        label="Records that may be theirs: choose one to use it"
        found={twins.map(({ patient, is_likely: isLikely, why }) => ({ patient, isLikely, why }))}
        onPick={onPick}
      />
      <Textarea
        label="Or say why it is another person"
        description="A task to look at both records is made from it."
        autosize
        minRows={1}
        maxLength={200}
        value={despite}
        onChange={(event) => {
          onDespite(event.currentTarget.value)
        }}
      />
    </section>
  )
}
