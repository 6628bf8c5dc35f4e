export function PortalHomePage() {
  return null
}
