import { useParams } from '@tanstack/react-router'
import { PortalReport } from '../features/portal/portal-report'
import { NotFound } from './not-found'
import { PortalView } from './portal-view'

/** One report in plain words. */
export function PortalReportPage() {
  const { reportId } = useParams({ from: '/portal/portal/results/$reportId' })
  return (
    <PortalView>
      {(portal) => {
        const report = portal.reports.find((one) => one.id === reportId)
        return report === undefined ? <NotFound /> : <PortalReport report={report} />
      }}
    </PortalView>
  )
}
