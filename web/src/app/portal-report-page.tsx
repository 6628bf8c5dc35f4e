export function PortalReportPage() {
  return null
}
