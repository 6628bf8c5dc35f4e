import { useNavigate, useSearch } from '@tanstack/react-router'
import { MergeReview } from '../features/registration/merge-review'
import { WhoIsIt } from '../features/registration/who-is-it'
import { Card } from '../ui/card'
import classes from './merge-page.module.css'
import { OnlyFor } from './only-for'

/** Two records that may be one person's: found one after the other, then side by side. */
export function MergePage() {
  return (
    <OnlyFor roles={['clinician', 'receptionist']} subject="Merging records">
      <Merging />
    </OnlyFor>
  )
}

function Merging() {
  const { gone, into } = useSearch({ from: '/staff/merge' })
  const navigate = useNavigate({ from: '/merge' })
  if (gone !== undefined && into !== undefined)
    return (
      <MergeReview
        gone={gone}
        into={into}
        onSwap={() => void navigate({ search: { gone: into, into: gone } })}
      />
    )
  const title = gone === undefined ? 'Which record is given up?' : 'Which record stays?'
  return (
    <div className={classes.page}>
      <h1>Merge two records</h1>
      <Card title={title}>
        <WhoIsIt
          key={gone ?? 'gone'}
          onPick={({ id }) =>
            void navigate({ search: gone === undefined ? { gone: id } : { gone, into: id } })
          }
        />
      </Card>
    </div>
  )
}
