import { Button } from '@mantine/core'
import { CircleAlert, Lock, SearchX, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Loaded } from '../api/loaded'
import { Note } from './note'

interface LoadedViewProps<T> {
  loaded: Loaded<T>
  /** Drawn while waiting, in the shape of what will come. */
  loading: ReactNode
  /** What could not be loaded, as in `The inbox`. */
  subject: string
  /** Whether nothing else gives the page a title while it is not ready. */
  page?: boolean
  children: (data: T) => ReactNode
}

/** Show exactly one of loading, denied, missing, failed and ready. */
export function LoadedView<T>({
  loaded,
  loading,
  subject,
  page = false,
  children,
}: LoadedViewProps<T>) {
  switch (loaded.state) {
    case 'loading':
      return (
        <div aria-busy="true" role="status" aria-label={`${subject} is loading`}>
          {loading}
        </div>
      )
    case 'denied':
      return (
        <Note icon={Lock} page={page} title={`${subject} is not open to your role`}>
          {loaded.message}
        </Note>
      )
    case 'missing':
      return (
        <Note icon={SearchX} page={page} title={`${subject} was not found`}>
          {loaded.message}
        </Note>
      )
    case 'failed':
      return (
        <Note
          icon={loaded.offline ? WifiOff : CircleAlert}
          tone="red"
          urgent
          page={page}
          title={`${subject} could not be loaded`}
          action={
            <Button variant="default" onClick={loaded.retry}>
              Try again
            </Button>
          }
        >
          {loaded.message}
        </Note>
      )
    case 'ready':
      return children(loaded.data)
  }
}
