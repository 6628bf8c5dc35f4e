import type { AiModel } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { clock, staffInstant } from '../../ui/dates'
import { Meter, toneOf } from '../../ui/meter'
import { Pill } from '../../ui/pill'
import { counted, quotasOf, several, type Quota } from './figures'
import classes from './lines.module.css'

/** What each model has left, and whether it is left alone for a while. */
export function ModelsCard({ models }: { models: readonly AiModel[] }) {
  return (
    <Card title="Models and quotas">
      {models.length === 0 ? (
        <p className={classes.none}>
          No engine here asks a model with a quota: rules and tables on this machine have none.
        </p>
      ) : (
        <ul className={classes.lines}>
          {models.map((model) => (
            <Model key={model.model} model={model} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Model({ model }: { model: AiModel }) {
  const { zone } = useClinic()
  return (
    <li className={classes.line}>
      <h3 className={classes.name}>
        {model.model}
        {model.open_until === null ? (
          <Pill tone="green">Answering</Pill>
        ) : (
          <Pill tone="red">Left alone</Pill>
        )}
      </h3>
      {model.open_until !== null && (
        <p className={classes.warning}>
          Left alone until {clock(model.open_until, zone)} after several failures in a row. Other
          engines are asked meanwhile.
        </p>
      )}
      {quotasOf(model).map((quota) => (
        <QuotaLine key={quota.words} quota={quota} />
      ))}
      <p className={classes.small}>
        {model.tokens_minute !== null &&
          `At most ${counted(model.tokens_minute)} tokens a minute. `}
        {model.waiting > 0 && `${several(model.waiting, 'call')} waiting for a turn. `}
        The day&rsquo;s count starts again {staffInstant(model.renewed_at, zone)}.
      </p>
    </li>
  )
}

function QuotaLine({ quota: { words, used, limit } }: { quota: Quota }) {
  if (limit === null)
    return (
      <p className={classes.measure}>
        <span>{words}</span>
        <span>{counted(used)}, no limit set</span>
      </p>
    )
  return (
    <div>
      <p className={classes.measure}>
        <span>{words}</span>
        <span>
          <strong>{counted(used)}</strong> of {counted(limit)} ·{' '}
          {limit > used ? `${counted(limit - used)} left` : 'none left'}
        </span>
      </p>
      <Meter
        share={used / Math.max(limit, 1)}
        tone={used >= limit ? 'over' : toneOf(used / limit)}
      />
    </div>
  )
}
