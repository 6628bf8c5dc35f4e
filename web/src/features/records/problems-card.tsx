import type { Problem } from '../../api/shapes'
import { Card } from '../../ui/card'
import { FactsList } from './facts-list'

/** The problem list, with the year each began. */
export function ProblemsCard({ problems }: { problems: Problem[] }) {
  const active = problems.filter((problem) => problem.status === 'active').length
  return (
    <Card title="Problems" aside={`${active} active`}>
      <FactsList
        none="No problems are recorded."
        facts={problems.map(({ name, since, status }) => ({
          key: name,
          name,
          aside: status === 'active' ? (since?.slice(0, 4) ?? '') : status,
        }))}
      />
    </Card>
  )
}
