import { UnstyledButton } from '@mantine/core'
import type { Visit } from '../../api/shapes'
import classes from './flow-board.module.css'
import { groupNames, groups, inGroup, type Group } from './visit-steps'

interface FlowTilesProps {
  visits: readonly Visit[]
  now: Date
  chosen: Group | undefined
  onChoose: (group: Group | undefined) => void
}

/** How many visits stand where; pressing a tile leaves just its rows. */
export function FlowTiles({ visits, now, chosen, onChoose }: FlowTilesProps) {
  return (
    <div className={classes.tiles} role="group" aria-label="Show visits that are">
      {groups.map((group) => (
        <UnstyledButton
          key={group}
          className={classes.tile}
          data-group={group}
          aria-pressed={chosen === group}
          onClick={() => {
            onChoose(chosen === group ? undefined : group)
          }}
        >
          <span className={classes.number}>{inGroup(visits, group, now).length}</span>{' '}
          <span>{groupNames[group]}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}
