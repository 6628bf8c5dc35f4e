import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { loaded } from '../../api/loaded'
import type { AiOversight } from '../../api/shapes'
import { useClinicFacts } from '../../api/use-clinic'
import { useClinic } from '../../ui/clinic-context'
import { calendarDay } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { BudgetsCard } from './budgets-card'
import { CostCard } from './cost-card'
import { EnginesCard } from './engines-card'
import { ModelsCard } from './models-card'
import classes from './oversight-screen.module.css'
import { ReportsCard } from './reports-card'
import { ReviewsCard } from './reviews-card'
import { RunsCard } from './runs-card'
import { SummaryTiles } from './summary-tiles'
import { SwitchDialog } from './switch-dialog'
import type { Turn } from './switch-words'
import { SwitchesCard } from './switches-card'
import { useOversight } from './use-oversight'

/** How AI stands: who can do what, what is left, what it cost, and how to turn it off. */
export function OversightScreen() {
  const { zone } = useClinic()
  const clinic = useClinicFacts()
  const { data, error, refetch, isFetching } = useOversight()
  const today = calendarDay(clinic.data?.now ?? new Date(), zone)
  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1 className={classes.title}>AI</h1>
        <p className={classes.lead}>
          Which engines may work, what is left of quotas and budgets, and how runs of the last month
          ended. Nothing here tells what was asked or answered.{' '}
          <Link to="/cards">What each task can do, and how well</Link>
        </p>
        <div className={classes.fresh}>
          <span>Refreshed every 30 seconds</span>
          <Button
            variant="default"
            leftSection={<RefreshCw size={15} aria-hidden="true" />}
            loading={isFetching}
            onClick={() => void refetch()}
          >
            Refresh
          </Button>
        </div>
      </header>
      <LoadedView
        loaded={loaded({ data, error, refetch })}
        subject="How AI stands"
        loading={<Waiting rows={6} height={120} />}
      >
        {(view) => <Standing view={view} today={today} />}
      </LoadedView>
    </div>
  )
}

function Standing({ view, today }: { view: AiOversight; today: string }) {
  const [turn, setTurn] = useState<Turn | null>(null)
  return (
    <>
      <SummaryTiles view={view} />
      <div className={classes.grid}>
        <div className={classes.column}>
          <EnginesCard view={view} onTurn={setTurn} />
          <RunsCard runs={view.runs} today={today} />
          <CostCard used={view.used} />
        </div>
        <div className={classes.column}>
          <SwitchesCard view={view} onTurn={setTurn} />
          <ModelsCard models={view.models} />
          <BudgetsCard budgets={view.budgets} />
          <ReviewsCard reviewed={view.reviewed} />
          <ReportsCard reports={view.reports} />
        </div>
      </div>
      {turn !== null && (
        <SwitchDialog
          turn={turn}
          onClose={() => {
            setTurn(null)
          }}
        />
      )}
    </>
  )
}
