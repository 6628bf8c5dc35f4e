import type { Visit } from '../../api/shapes'
import classes from './day-progress.module.css'
import { isSeen } from './visit-state'

function stageOf(visit: Visit): 'seen' | 'now' | 'ahead' {
  if (isSeen(visit.status)) return 'seen'
  return visit.status === 'in-room' ? 'now' : 'ahead'
}

/** One segment a visit; cancelled ones do not count. The numbers are beside it in words. */
export function DayProgress({ visits }: { visits: Visit[] }) {
  const counted = visits.filter((visit) => visit.status !== 'cancelled')
  return (
    <div className={classes.bar} aria-hidden="true">
      {counted.map((visit) => (
        <span key={visit.id} data-stage={stageOf(visit)} />
      ))}
    </div>
  )
}
