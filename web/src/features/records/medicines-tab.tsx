import { Pill as PillIcon } from 'lucide-react'
import type { Medicine } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { Note } from '../../ui/note'
import { FactsList } from './facts-list'

/** What the patient takes now, how, and since when. */
export function MedicinesTab({ medicines }: { medicines: Medicine[] }) {
  const { zone } = useClinic()
  if (medicines.length === 0)
    return (
      <Note icon={PillIcon} title="No current medicines">
        Nothing is recorded that the patient takes now.
      </Note>
    )
  return (
    <Card title="Current medicines" aside={`${medicines.length} in all`}>
      <FactsList
        none=""
        facts={medicines.map(({ name, dose_text, since }) => ({
          key: name,
          name: dose_text === null ? name : `${name}, ${dose_text}`,
          aside: since === null ? '' : `since ${staffDate(since, zone)}`,
        }))}
      />
    </Card>
  )
}
