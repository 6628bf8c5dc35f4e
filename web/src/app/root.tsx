import { Skeleton } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { useClinicFacts } from '../api/use-clinic'
import { ClinicProvider } from '../ui/clinic-context'
import { LoadedView } from '../ui/loaded-view'

/** Everything stands on the clinic's name and zone, so they come first. */
export function Root() {
  const clinic = loaded(useClinicFacts())
  return (
    <LoadedView
      page
      loaded={clinic}
      subject="The clinic"
      loading={<Skeleton height="100vh" radius={0} />}
    >
      {(facts) => (
        <ClinicProvider clinic={facts}>
          <Outlet />
        </ClinicProvider>
      )}
    </LoadedView>
  )
}
