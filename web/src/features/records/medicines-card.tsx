import type { Medicine } from '../../api/shapes'
import { Card } from '../../ui/card'
import { FactsList } from './facts-list'

/** What the patient takes now. */
export function MedicinesCard({ medicines }: { medicines: Medicine[] }) {
  return (
    <Card title="Medicines" aside={`${medicines.length} current`}>
      <FactsList
        none="No current medicines are recorded."
        facts={medicines.map(({ name, dose_text }) => ({
          key: name,
          name,
          aside: dose_text ?? '',
        }))}
      />
    </Card>
  )
}
