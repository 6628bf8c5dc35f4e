import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactNode } from 'react'
import { makeQueryClient } from '../api/query-cache'
import { ClinicProvider } from '../ui/clinic-context'
import { theme } from '../ui/theme'
import { aClinic } from './builders'

/** Draw a part of the application with everything it stands on. */
export function show(children: ReactNode): RenderResult {
  const router = createRouter({
    routeTree: createRootRoute(),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  return render(
    <MantineProvider theme={theme} forceColorScheme="light" env="test">
      <QueryClientProvider client={makeQueryClient()}>
        <RouterContextProvider router={router as never}>
          <ClinicProvider clinic={aClinic()}>{children}</ClinicProvider>
        </RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>,
  )
}
