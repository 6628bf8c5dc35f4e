import type { ReactNode } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import { LoadedView } from '../../ui/loaded-view'
import classes from './planned-view.module.css'

interface PlannedViewProps<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  loading: ReactNode
  subject: string
  children: (data: T) => ReactNode
}

/** A part of the plan; what the planner itself refuses is said in its sentence, with nothing to retry. */
export function PlannedView<T>({ query, loading, subject, children }: PlannedViewProps<T>) {
  const failure = query.data === undefined && query.error ? asFailure(query.error) : null
  if (failure?.status === 400)
    return (
      <p className={classes.refused} role="alert">
        {failure.message}
      </p>
    )
  return (
    <LoadedView loaded={loaded(query)} subject={subject} loading={loading}>
      {children}
    </LoadedView>
  )
}
