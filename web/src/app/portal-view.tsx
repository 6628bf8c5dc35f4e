import type { ReactNode } from 'react'
import { loaded } from '../api/loaded'
import type { Portal } from '../api/shapes'
import { usePortal } from '../features/portal/use-portal'
import { LoadedView } from '../ui/loaded-view'
import { Waiting } from '../ui/waiting'

/** The portal's data, or what stands in its place while there is none. */
export function PortalView({ children }: { children: (portal: Portal) => ReactNode }) {
  return (
    <LoadedView
      page
      loaded={loaded(usePortal())}
      subject="Your record"
      loading={
        <div style={{ maxWidth: 640, margin: '0 auto', padding: 20 }}>
          <Waiting rows={4} height={110} />
        </div>
      }
    >
      {children}
    </LoadedView>
  )
}
