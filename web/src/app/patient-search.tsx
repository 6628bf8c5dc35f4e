import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { useNavigate } from '@tanstack/react-router'
import {
  CalendarDays,
  CalendarPlus,
  CalendarX,
  Footprints,
  Hourglass,
  Inbox,
  Merge,
  Search,
  UserRound,
  UsersRound,
} from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { usePatients } from '../features/records/use-patients'
import { useClinic } from '../ui/clinic-context'
import { staffDate } from '../ui/dates'
import { fullName, sexWord } from '../ui/person-name'
import { useDeskActions } from './desk-actions'

interface PatientSearchProps {
  mayOpenCharts: boolean
}

interface Action {
  id: string
  label: string
  description: string
  icon: ReactNode
  go: () => void
}

/** Ctrl K from anywhere: find a patient or go to a place, without a mouse. */
export function PatientSearch({ mayOpenCharts }: PatientSearchProps) {
  const [typed, setTyped] = useState('')
  const [query] = useDebouncedValue(typed.trim(), 200)
  const navigate = useNavigate()
  const begin = useDeskActions()
  const { zone } = useClinic()
  const found = usePatients({ query, count: 8, enabled: query.length > 0 })

  const acts: Action[] = [
    {
      id: 'book',
      label: 'Book a visit',
      description: 'Who it is, then the first times that fit',
      icon: <CalendarPlus size={18} />,
      go: () => begin?.('book'),
    },
    {
      id: 'walk-in',
      label: 'Walk-in',
      description: 'Somebody without a visit: on the board in four fields',
      icon: <Footprints size={18} />,
      go: () => begin?.('walk-in'),
    },
    {
      id: 'waiting-list',
      label: 'Waiting list',
      description: 'Who waits for an earlier time, and what is offered',
      icon: <Hourglass size={18} />,
      go: () => begin?.('waiting-list'),
    },
    {
      id: 'leave',
      label: 'Leave',
      description: 'A clinician is away: what becomes of their visits',
      icon: <CalendarX size={18} />,
      go: () => void navigate({ to: '/leave' }),
    },
    {
      id: 'merge',
      label: 'Merge two records',
      description: 'Of one person who was registered twice',
      icon: <Merge size={18} />,
      go: () => void navigate({ to: '/merge' }),
    },
  ]
  const places: Action[] = [
    ...acts,
    {
      id: 'day',
      label: 'Day',
      description: "Today's visits",
      icon: <CalendarDays size={18} />,
      go: () => void navigate({ to: '/day' }),
    },
    {
      id: 'patients',
      label: 'Patients',
      description: 'Find by name, birth date or record number',
      icon: <UsersRound size={18} />,
      go: () => void navigate({ to: '/patients' }),
    },
    {
      id: 'inbox',
      label: 'Inbox',
      description: 'Documents that belong to no chart yet',
      icon: <Inbox size={18} />,
      go: () => void navigate({ to: '/inbox' }),
    },
  ]
  const people: Action[] = (query === '' ? [] : (found.data?.patients ?? [])).map((patient) => ({
    id: patient.id,
    label: fullName(patient),
    description: [
      patient.birth_date
        ? `Born ${staffDate(patient.birth_date, zone)}`
        : 'Birth date not recorded',
      sexWord(patient.sex),
      patient.record_number ?? 'No record number',
    ].join(' · '),
    icon: <UserRound size={18} />,
    go: () => {
      if (mayOpenCharts)
        void navigate({
          to: '/chart/$patientId/$tab',
          params: { patientId: patient.id, tab: 'summary' },
        })
      else
        void navigate({
          to: '/patients',
          search: { query: patient.record_number ?? patient.family },
        })
    },
  }))
  const matching = places.filter((place) =>
    place.label.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  const actions = [...people, ...matching]

  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K', '/']}
      scrollable
      maxHeight={420}
      clearQueryOnClose
      overlayProps={{ backgroundOpacity: 0.35 }}
      attributes={{ content: { 'aria-label': 'Find a patient or a place' } }}
    >
      <Spotlight.Search
        placeholder="Find a patient or a place"
        aria-label="Find a patient or a place"
        leftSection={<Search size={18} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {actions.map((action) => (
          <Spotlight.Action
            key={action.id}
            label={action.label}
            description={action.description}
            leftSection={action.icon}
            onClick={action.go}
          />
        ))}
        {actions.length === 0 && (
          <Spotlight.Empty>
            {found.isFetching
              ? 'Looking…'
              : found.isError
                ? 'The search could not be done.'
                : 'Nobody was found.'}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
