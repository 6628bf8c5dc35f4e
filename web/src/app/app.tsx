import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { makeQueryClient } from '../api/query-cache'
import { theme } from '../ui/theme'
import { ErrorBoundary } from './error-boundary'
import { makeRouter } from './routes'

/** The application with everything it stands on. */
export function App() {
  const [cache] = useState(makeQueryClient)
  const [router] = useState(makeRouter)
  return (
    <MantineProvider theme={theme} forceColorScheme="light">
      <ErrorBoundary>
        <QueryClientProvider client={cache}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  )
}
