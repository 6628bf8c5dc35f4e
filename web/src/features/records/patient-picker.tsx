import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { fullName, listName } from '../../ui/person-name'
import classes from './patient-picker.module.css'
import { usePatients } from './use-patients'

/** Find one patient and pick them. */
export function PatientPicker({ onPick }: { onPick: (patientId: string) => void }) {
  const [typed, setTyped] = useState('')
  const [query] = useDebouncedValue(typed.trim(), 250)
  const { zone } = useClinic()
  const { data, isError } = usePatients({ query, count: 6, enabled: query !== '' })
  const found = query === '' ? [] : (data?.patients ?? [])
  return (
    <div className={classes.picker}>
      <TextInput
        label="Name, birth date or record number"
        leftSection={<Search size={16} aria-hidden="true" />}
        value={typed}
        error={isError ? 'The search could not be done. Try again.' : null}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
      />
      <ul>
        {found.map((patient) => (
          <li key={patient.id} className={classes.row}>
            <span>
              <strong>{fullName(patient)}</strong>
              <span className={classes.facts}>
                Born {patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'} ·{' '}
                {patient.record_number ?? 'no record number'}
              </span>
            </span>
            <Button
              variant="default"
              size="compact-md"
              aria-label={`Choose ${listName(patient)}`}
              onClick={() => {
                onPick(patient.id)
              }}
            >
              Choose
            </Button>
          </li>
        ))}
      </ul>
      {query !== '' && data !== undefined && found.length === 0 && (
        <p className={classes.facts}>Nobody was found.</p>
      )}
    </div>
  )
}
