export function PortalShell() {
  return null
}
