import { useClinic } from '../../ui/clinic-context'
import { clock } from '../../ui/dates'
import classes from './day-schedule.module.css'

/** A thin red line where the day stands. */
export function NowLine({ now }: { now: Date }) {
  const { zone } = useClinic()
  return (
    <li className={classes.now} data-now="true">
      <span className={classes.hidden}>Now </span>
      {clock(now, zone)}
    </li>
  )
}
