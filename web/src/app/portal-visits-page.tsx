import { loaded } from '../api/loaded'
import { OwnVisits } from '../features/booking/own-visits'
import { useOwnVisits } from '../features/booking/use-own-visits'
import { LoadedView } from '../ui/loaded-view'
import { Waiting } from '../ui/waiting'
import classes from './portal-column.module.css'

/** The patient's visits. */
export function PortalVisitsPage() {
  return (
    <div className={classes.column}>
      <LoadedView
        page
        loaded={loaded(useOwnVisits())}
        subject="Your visits"
        loading={<Waiting rows={3} height={120} />}
      >
        {({ visits }) => <OwnVisits visits={visits} />}
      </LoadedView>
    </div>
  )
}
