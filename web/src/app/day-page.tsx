import { SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CalendarDays } from 'lucide-react'
import { loaded } from '../api/loaded'
import type { Day } from '../api/shapes'
import { DayCalendar } from '../features/scheduling/day-calendar'
import { DayHeading } from '../features/scheduling/day-heading'
import { DaySchedule } from '../features/scheduling/day-schedule'
import { FlowBoard } from '../features/scheduling/flow-board'
import { useDay } from '../features/scheduling/use-day'
import { LoadedView } from '../ui/loaded-view'
import { Note } from '../ui/note'
import { Waiting } from '../ui/waiting'
import { chartTabOf } from './chart-tabs'
import classes from './day-page.module.css'
import { OnlyFor } from './only-for'
import { PatientChart } from './patient-chart'
import { useSignedIn } from './signed-in'

/** The day's schedule with the chart of the chosen visit beside it. */
export function DayPage() {
  return (
    <OnlyFor roles={['clinician', 'nurse', 'receptionist']} subject="The day">
      <DayWithChart />
    </OnlyFor>
  )
}

/** Whom the screen opens with: the patient in the room, else the next one who is here. */
function patientAtHand(day: Day): string | undefined {
  const at = (status: string) => day.visits.find((visit) => visit.status === status)?.patient.id
  return at('in-room') ?? at('arrived') ?? at('booked') ?? day.visits[0]?.patient.id
}

function DayWithChart() {
  const { role } = useSignedIn()
  const search = useSearch({ from: '/staff/day' })
  const navigate = useNavigate({ from: '/day' })
  const isWide = useMediaQuery('(min-width: 1180px)', undefined, { getInitialValueInEffect: false })
  const everyone = search.who === 'all'
  const day = loaded(useDay({ date: search.date, everyone }))
  const seesCharts = role !== 'receptionist'
  const beside = seesCharts && isWide
  const patientId = search.patient ?? (day.state === 'ready' ? patientAtHand(day.data) : undefined)

  return (
    <div
      className={classes.page}
      data-beside={beside || undefined}
      data-board={!seesCharts || undefined}
    >
      <section className={classes.schedule} aria-label="Schedule">
        <LoadedView
          page
          loaded={day}
          subject="The schedule"
          loading={
            <div className={classes.waiting}>
              <Waiting rows={7} height={72} />
            </div>
          }
        >
          {(data) => (
            <>
              <DayHeading
                day={data}
                onDate={(date) =>
                  void navigate({
                    search: (before) => ({ who: before.who, view: before.view, date }),
                  })
                }
                {...(role === 'clinician'
                  ? {
                      everyone: {
                        chosen: everyone,
                        onChoose: (all: boolean) =>
                          void navigate({
                            search: (before) => ({ ...before, who: all ? 'all' : undefined }),
                          }),
                      },
                    }
                  : {})}
              />
              {!seesCharts && (
                <SegmentedControl
                  className={classes.views}
                  size="xs"
                  aria-label="How the day is shown"
                  value={search.view === 'calendar' ? 'calendar' : 'board'}
                  onChange={(view) =>
                    void navigate({
                      search: (before) => ({
                        ...before,
                        view: view === 'calendar' ? view : undefined,
                      }),
                    })
                  }
                  data={[
                    { value: 'board', label: 'Board' },
                    { value: 'calendar', label: 'Calendar' },
                  ]}
                />
              )}
              {seesCharts ? (
                <DaySchedule
                  day={data}
                  patientId={beside ? patientId : undefined}
                  opens={beside ? 'beside' : 'own-page'}
                />
              ) : search.view === 'calendar' ? (
                <DayCalendar key={data.date} day={data} />
              ) : (
                <FlowBoard key={data.date} day={data} />
              )}
            </>
          )}
        </LoadedView>
      </section>
      {beside && (
        <div className={classes.chart}>
          {patientId === undefined ? (
            day.state === 'ready' && (
              <Note icon={CalendarDays} title="Nobody is booked">
                Choose a visit to see its chart here.
              </Note>
            )
          ) : (
            <PatientChart
              key={patientId}
              patientId={patientId}
              tab={chartTabOf(search.tab)}
              onTab={(tab) =>
                void navigate({
                  search: (before) => ({ ...before, patient: patientId, tab }),
                })
              }
            />
          )}
        </div>
      )}
    </div>
  )
}
