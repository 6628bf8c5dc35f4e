export function PortalResultsPage() {
  return null
}
