import type { Due } from '../../api/shapes'
import { Card } from '../../ui/card'
import { Pill, type PillTone } from '../../ui/pill'
import { FactsList } from './facts-list'

const tones: Record<Due['state'], PillTone> = {
  overdue: 'red',
  today: 'amber',
  soon: 'grey',
  done: 'green',
}

/** What is planned for the patient and how it stands. */
export function DueCard({ due }: { due: Due[] }) {
  const open = due.filter((item) => item.state !== 'done').length
  return (
    <Card title="Due" aside={`${open} of ${due.length} open`}>
      <FactsList
        none="Nothing is planned."
        facts={due.map(({ name, state }) => ({
          key: name,
          name,
          aside: <Pill tone={tones[state]}>{state}</Pill>,
        }))}
      />
    </Card>
  )
}
