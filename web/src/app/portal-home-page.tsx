import { PortalHome } from '../features/portal/portal-home'
import { PortalView } from './portal-view'

/** The patient's first screen. */
export function PortalHomePage() {
  return <PortalView>{(portal) => <PortalHome portal={portal} />}</PortalView>
}
