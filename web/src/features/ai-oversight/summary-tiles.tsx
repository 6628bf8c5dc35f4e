import type { AiOversight } from '../../api/shapes'
import { counted, dollars, endingsOf, share, sumOf } from './figures'
import classes from './oversight-screen.module.css'

/** The month in four figures. */
export function SummaryTiles({ view }: { view: AiOversight }) {
  const runs = sumOf(view.runs, (line) => line.runs)
  const ended = endingsOf(view.runs)
  const off = view.switches.filter((line) => line.is_off).length
  const outside = view.engines.filter((engine) => engine.leaves_machine).length
  return (
    <dl className={classes.tiles}>
      <Tile term="Runs in 31 days" value={counted(runs)}>
        {runs === 0 ? 'Nothing was asked yet' : `${share(ended.ok, runs)} ended with an answer`}
      </Tile>
      <Tile term="Cost in 31 days" value={dollars(sumOf(view.used, (line) => line.cost))}>
        {view.used.length === 0
          ? 'No paid model was asked'
          : `${counted(sumOf(view.used, (line) => line.calls))} calls of models`}
      </Tile>
      <Tile term="Engines" value={counted(view.engines.length)}>
        {outside === 0 ? 'All data stays on this machine' : `${outside} send data elsewhere`}
      </Tile>
      <Tile term="Turned off" value={counted(off)} warn={off > 0}>
        {off === 0 ? 'No switch is off' : 'See the switches for why'}
      </Tile>
    </dl>
  )
}

interface TileProps {
  term: string
  value: string
  warn?: boolean
  children: string
}

function Tile({ term, value, warn = false, children }: TileProps) {
  return (
    <div className={classes.tile} data-warn={warn || undefined}>
      <dt>{term}</dt>
      <dd>
        <strong>{value}</strong>
        <span>{children}</span>
      </dd>
    </div>
  )
}
