import { Button } from '@mantine/core'
import { useState } from 'react'
import { loaded } from '../../api/loaded'
import type { PlanAnswer } from '../../api/shapes'
import { Card } from '../../ui/card'
import { LoadedView } from '../../ui/loaded-view'
import { Waiting } from '../../ui/waiting'
import { Explained } from './explained'
import classes from './guide-card.module.css'
import { money } from './plan-words'
import { useGuide } from './use-plan'

/** What the guide of 2025 says of this question, and where it contradicts itself. */
export function GuideCard({ answer }: { answer: PlanAnswer }) {
  const { decision, words, advice } = answer
  return (
    <Card title="What the guide of 2025 says">
      <div className={classes.columns}>
        <section>
          <h3 className={classes.title}>Its framework, where it applies</h3>
          <ul className={classes.list}>
            {decision.guide.map((row) => (
              <li key={row.line}>
                <strong>{row.table.split('/')[1]?.replaceAll('_', ' ')}</strong> (L{row.line}):{' '}
                {row.recommend.join(', ').replaceAll('_', ' ')}
                {row.careful.length > 0 &&
                  `; careful: ${row.careful.join(', ').replaceAll('_', ' ')}`}
              </li>
            ))}
          </ul>
        </section>
        <Said
          title="Good for"
          points={words.good_for.length > 0 ? words.good_for : words.use_cases}
        />
        <Said title="Not good for" points={words.not_good_for} />
        <Said
          title="Advice beside the architecture"
          points={advice.map(
            ({ name, text, monthly }) =>
              `${name}: ${text} (${monthly === null ? 'no price held' : `${money(monthly)} a month`})`,
          )}
        />
      </div>
      <Contradictions />
    </Card>
  )
}

function Said({ title, points }: { title: string; points: readonly string[] }) {
  if (points.length === 0) return null
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list}>
        {points.map((point) => (
          <li key={point}>
            <Explained>{point}</Explained>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Contradictions() {
  const [isOpen, setIsOpen] = useState(false)
  const guide = loaded(useGuide({ enabled: isOpen }))
  return (
    <div className={classes.more}>
      <Button
        variant="default"
        size="xs"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen)
        }}
      >
        {isOpen ? 'Hide' : 'Show'} where the guide contradicts itself
      </Button>
      {isOpen && (
        <LoadedView loaded={guide} subject="The guide" loading={<Waiting rows={6} height={30} />}>
          {({ identities }) => (
            <div
              className={classes.frame}
              role="region"
              aria-label="Where the guide contradicts itself"
              tabIndex={0}
            >
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">Sum or product</th>
                    <th scope="col">The guide says</th>
                    <th scope="col">Its parts give</th>
                    <th scope="col">Why</th>
                  </tr>
                </thead>
                <tbody>
                  {identities
                    .filter(({ holds }) => !holds)
                    .map((one) => (
                      <tr key={one.id}>
                        <th scope="row">{one.id}</th>
                        <td>{ends(one.stated)}</td>
                        <td>{ends(one.computed)}</td>
                        <td>{one.note ?? ''}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
          )}
        </LoadedView>
      )}
    </div>
  )
}

function ends([low, high]: readonly (number | null)[]): string {
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? 'open' : value.toLocaleString('en-US')
  return low === high ? text(low) : `${text(low)} to ${text(high)}`
}
