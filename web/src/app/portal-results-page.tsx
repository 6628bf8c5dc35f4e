import { PortalResults } from '../features/portal/portal-results'
import { PortalView } from './portal-view'

/** All of the patient's results. */
export function PortalResultsPage() {
  return <PortalView>{(portal) => <PortalResults portal={portal} />}</PortalView>
}
