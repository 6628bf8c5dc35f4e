import { useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { OwnBooking } from '../features/booking/own-booking'
import { useOwnVisits } from '../features/booking/use-own-visits'
import { LoadedView } from '../ui/loaded-view'
import { Waiting } from '../ui/waiting'
import classes from './portal-column.module.css'

/** Book a visit, or move the one that the address names. */
export function PortalBookPage() {
  const { move } = useSearch({ from: '/portal/portal/book' })
  return (
    <div className={classes.column}>
      {move === undefined ? <OwnBooking moving={undefined} /> : <Moving id={move} />}
    </div>
  )
}

function Moving({ id }: { id: string }) {
  return (
    <LoadedView
      page
      loaded={loaded(useOwnVisits())}
      subject="Your visit"
      loading={<Waiting rows={4} height={70} />}
    >
      {({ visits }) => <OwnBooking key={id} moving={visits.find((one) => one.id === id)} />}
    </LoadedView>
  )
}
