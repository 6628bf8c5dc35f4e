import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { Search, UserRoundSearch } from 'lucide-react'
import { useEffect, useState } from 'react'
import { loaded } from '../../api/loaded'
import type { PatientLine } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { fullName, initials, sexWord } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import classes from './patient-list.module.css'
import { usePatients } from './use-patients'

interface PatientListProps {
  query: string
  onQuery: (query: string) => void
  mayOpenCharts: boolean
}

/** Find a patient by name, birth date or record number. */
export function PatientList({ query, onQuery, mayOpenCharts }: PatientListProps) {
  const [typed, setTyped] = useState(query)
  const [settled] = useDebouncedValue(typed, 250)
  useEffect(() => {
    if (settled !== query) onQuery(settled)
    // Only what was typed goes out; what the address says comes in once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled])
  const patients = loaded(usePatients({ query: query.trim(), count: 50 }))
  return (
    <section className={classes.screen} aria-labelledby="patients-title">
      <h1 id="patients-title" className={classes.title}>
        Patients
      </h1>
      <TextInput
        label="Name, birth date or record number"
        value={typed}
        size="sm"
        leftSection={<Search size={16} aria-hidden="true" />}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
      />
      <LoadedView loaded={patients} subject="The list of patients" loading={<Waiting rows={8} />}>
        {(found) => <Found patients={found.patients} mayOpenCharts={mayOpenCharts} />}
      </LoadedView>
    </section>
  )
}

interface FoundProps {
  patients: PatientLine[]
  mayOpenCharts: boolean
}

function Found({ patients, mayOpenCharts }: FoundProps) {
  if (patients.length === 0)
    return (
      <Note icon={UserRoundSearch} title="Nobody was found">
        Check the spelling, or try the birth date or the record number.
      </Note>
    )
  return (
    <ul className={classes.list} aria-label="Patients found">
      {patients.map((patient) => (
        <li key={patient.id}>
          {mayOpenCharts ? (
            <Link
              className={classes.row}
              to="/chart/$patientId/$tab"
              params={{ patientId: patient.id, tab: 'summary' }}
            >
              <Line patient={patient} />
            </Link>
          ) : (
            <div className={classes.row}>
              <Line patient={patient} />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}

function Line({ patient }: { patient: PatientLine }) {
  const { zone } = useClinic()
  return (
    <>
      <span className={classes.initials} aria-hidden="true">
        {initials(patient)}
      </span>
      <span className={classes.name}>{fullName(patient)}</span>
      <span className={classes.facts}>
        <span>
          Born {patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'}
        </span>
        <span>{sexWord(patient.sex)}</span>
        <span>{patient.record_number ?? 'No record number'}</span>
      </span>
    </>
  )
}
