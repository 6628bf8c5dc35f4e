import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Day } from '../../api/shapes'
import { calendarDay, shiftDay, staffDay, weekday } from '../../ui/dates'
import classes from './day-heading.module.css'
import { DayProgress } from './day-progress'

interface DayHeadingProps {
  day: Day
  onDate: (date: string | undefined) => void
  /** Given where one may look at one's own visits or at everyone's. */
  everyone?: { chosen: boolean; onChoose: (everyone: boolean) => void }
}

/** Which day, how far it is, and the way to other days. */
export function DayHeading({ day, onDate, everyone }: DayHeadingProps) {
  const today = calendarDay(day.now, day.zone)
  const isToday = day.date === today
  const go = (days: number): void => {
    const moved = shiftDay(day.date, days)
    onDate(moved === today ? undefined : moved)
  }
  return (
    <header className={classes.heading}>
      <div className={classes.row}>
        <h1 className={classes.title}>
          {isToday ? 'Today' : `${weekday(`${day.date}T12:00:00Z`, 'UTC')} ${staffDay(day.date)}`}
        </h1>
        <span className={classes.printed}>
          {weekday(`${day.date}T12:00:00Z`, 'UTC')} {staffDay(day.date)}
        </span>
        <span className={classes.count}>
          {day.seen} of {day.total} seen
        </span>
      </div>
      <DayProgress visits={day.visits} />
      <div className={classes.row}>
        <div className={classes.days}>
          <ActionIcon
            variant="default"
            size={28}
            aria-label="Day before"
            onClick={() => {
              go(-1)
            }}
          >
            <ChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={28}
            aria-label="Day after"
            onClick={() => {
              go(1)
            }}
          >
            <ChevronRight size={16} />
          </ActionIcon>
          {!isToday && (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => {
                onDate(undefined)
              }}
            >
              Today
            </Button>
          )}
        </div>
        {everyone !== undefined && (
          <SegmentedControl
            size="xs"
            aria-label="Whose visits"
            value={everyone.chosen ? 'all' : 'mine'}
            onChange={(value) => {
              everyone.onChoose(value === 'all')
            }}
            data={[
              { value: 'mine', label: 'Mine' },
              { value: 'all', label: 'Everyone' },
            ]}
          />
        )}
      </div>
    </header>
  )
}
