import { CircleHelp, Languages, ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react'
import type { Allergies } from '../../api/shapes'
import classes from './allergy-band.module.css'

interface AllergyBandProps {
  /** `unavailable` when the chart could not be loaded: never an empty space. */
  allergies: Allergies | 'unavailable'
  /** The language an interpreter is needed for. */
  interpreter?: string | null
}

/** Exactly one of: Known allergies, No known allergies, Allergies not recorded, unavailable. */
export function AllergyBand({ allergies, interpreter = null }: AllergyBandProps) {
  return (
    <section
      className={classes.band}
      data-state={allergies === 'unavailable' ? 'unavailable' : allergies.state}
      aria-label="Allergies"
    >
      <State allergies={allergies} />
      {interpreter !== null && (
        <span className={classes.interpreter}>
          <Languages size={15} aria-hidden="true" />
          {interpreter} interpreter
        </span>
      )}
    </section>
  )
}

function State({ allergies }: { allergies: Allergies | 'unavailable' }) {
  if (allergies === 'unavailable')
    return (
      <span className={classes.words}>
        <CircleHelp size={16} aria-hidden="true" />
        Allergies unavailable
      </span>
    )
  if (allergies.state === 'none-known')
    return (
      <span className={classes.words}>
        <ShieldCheck size={16} aria-hidden="true" />
        No known allergies
      </span>
    )
  if (allergies.state === 'not-recorded')
    return (
      <span className={classes.words}>
        <ShieldQuestion size={16} aria-hidden="true" />
        Allergies not recorded
      </span>
    )
  return (
    <>
      <span className={classes.words}>
        <ShieldAlert size={16} aria-hidden="true" />
        Known allergies
      </span>
      <ul className={classes.chips}>
        {allergies.items.map(({ substance, reaction, severity }) => (
          <li key={substance} className={classes.chip}>
            <strong>{substance}</strong> · {reaction ?? 'reaction not recorded'}
            {severity === 'severe' && <span className={classes.severe}>severe</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
