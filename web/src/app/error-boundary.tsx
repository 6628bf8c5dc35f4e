import { Button } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Note } from '../ui/note'

interface ErrorBoundaryProps {
  children: ReactNode
}

interface ErrorBoundaryState {
  broken: boolean
}

/** The last resort: says that the page broke and offers to load it again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { broken: false }

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return (
      <main>
        <Note
          page
          icon={CircleAlert}
          tone="red"
          urgent
          title="This page stopped working"
          action={
            <Button
              onClick={() => {
                window.location.reload()
              }}
            >
              Load it again
            </Button>
          }
        >
          Nothing that was saved is lost.
        </Note>
      </main>
    )
  }
}
