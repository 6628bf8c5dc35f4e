import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ScrollText } from 'lucide-react'
import { loaded } from '../../api/loaded'
import type { AuditLine } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import classes from './audit-list.module.css'
import { useAudit, type AuditFilter } from './use-audit'

interface AuditListProps {
  filter: AuditFilter
  onFilter: (filter: AuditFilter) => void
}

/** Who did what to whose record. Looking at it is itself written down. */
export function AuditList({ filter, onFilter }: AuditListProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(filter)
  const lines = data?.pages.flatMap((page) => page.entries)
  return (
    <div className={classes.screen}>
      <h1 className={classes.title}>Audit trail</h1>
      <Filter key={JSON.stringify(filter)} filter={filter} onFilter={onFilter} />
      <LoadedView
        loaded={loaded({ data: lines, error, refetch })}
        subject="The audit trail"
        loading={<Waiting rows={10} height={36} />}
      >
        {(entries) => <Lines entries={entries} />}
      </LoadedView>
      {hasNextPage && (
        <Button
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          className={classes.more}
        >
          Show older entries
        </Button>
      )}
    </div>
  )
}

function orNothing(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim()
}

function Filter({ filter, onFilter }: AuditListProps) {
  const form = useForm({
    initialValues: { patient: filter.patient ?? '', actor: filter.actor ?? '' },
  })
  const filtered = filter.patient !== undefined || filter.actor !== undefined
  return (
    <form
      className={classes.filter}
      onSubmit={form.onSubmit(({ patient, actor }) => {
        onFilter({ patient: orNothing(patient), actor: orNothing(actor) })
      })}
    >
      <TextInput label="Patient id" {...form.getInputProps('patient')} />
      <TextInput label="Account id" {...form.getInputProps('actor')} />
      <Button type="submit">Show</Button>
      {filtered && (
        <Button
          variant="default"
          onClick={() => {
            onFilter({ patient: undefined, actor: undefined })
          }}
        >
          Show everything
        </Button>
      )}
    </form>
  )
}

function Lines({ entries }: { entries: AuditLine[] }) {
  const { zone } = useClinic()
  if (entries.length === 0)
    return (
      <Note icon={ScrollText} title="No entries">
        Nothing in the trail fits what you asked for.
      </Note>
    )
  return (
    <div className={classes.frame} role="region" aria-label="Entries" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Did what</th>
            <th scope="col">Patient</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, at) => (
            <tr key={`${entry.at}-${at}`}>
              <td className={classes.when}>{staffInstant(entry.at, zone)}</td>
              <td>
                {entry.actor_name}
                <span className={classes.aside}>{entry.role}</span>
              </td>
              <td>
                {entry.action}
                <Subjects subjects={entry.subjects} />
              </td>
              <td>
                {entry.patients.length > 3
                  ? `${entry.patients.length} patients`
                  : entry.patients.join(', ')}
              </td>
              <td>
                <Pill tone={outcomeTone(entry.outcome)}>{entry.outcome}</Pill>
              </td>
              <td>{entry.reason ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function outcomeTone(outcome: string): 'green' | 'red' | 'grey' {
  if (outcome === 'done' || outcome === 'allowed' || outcome === 'success') return 'green'
  return outcome === 'refused' || outcome === 'failed' ? 'red' : 'grey'
}

function Subjects({ subjects }: { subjects: string[] }) {
  if (subjects.length === 0) return null
  const first = subjects.slice(0, 2).join(', ')
  const rest = subjects.length - 2
  return <span className={classes.aside}>{rest > 0 ? `${first} and ${rest} more` : first}</span>
}
