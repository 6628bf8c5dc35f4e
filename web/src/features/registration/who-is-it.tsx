import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Search, UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import type { PatientLine } from '../../api/shapes'
import { callerOf, isEnough, type Caller } from './caller'
import { LikelyList } from './likely-list'
import classes from './registration.module.css'
import { useLikely } from './use-likely'

interface WhoIsItProps {
  onPick: (patient: PatientLine) => void
  /** Given where somebody may be registered on the way. */
  onNew?: (caller: Caller) => void
}

/** Find who it is before any form: likely matches come while the name is typed. */
export function WhoIsIt({ onPick, onNew }: WhoIsItProps) {
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 200)
  const caller = callerOf(settled)
  const { found, isLooking, isFailed } = useLikely(caller, settled)
  const isSettled = settled === typed.trim() && !isLooking
  return (
    <div className={classes.screen}>
      <TextInput
        label="Who is it for?"
        description="Name and birth date, telephone or record number: Jonson, 1984-03-02"
        data-autofocus
        leftSection={<Search size={16} aria-hidden="true" />}
        value={typed}
        error={isFailed ? 'The search could not be done. Try again.' : null}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          const first = found[0]
          if (event.key === 'Enter' && isSettled && first !== undefined) onPick(first.patient)
        }}
      />
      {found.length > 0 && <LikelyList label="Likely matches" found={found} onPick={onPick} />}
      <p className={classes.facts} role="status">
        {isEnough(caller) && isSettled && found.length === 0 && 'Nobody was found.'}
        {found.length > 0 && 'Enter chooses the first.'}
      </p>
      {onNew !== undefined && (
        <div>
          <Button
            variant="default"
            leftSection={<UserRoundPlus size={16} aria-hidden="true" />}
            disabled={!isEnough(caller)}
            onClick={() => {
              onNew(caller)
            }}
          >
            Register somebody new
          </Button>
        </div>
      )}
    </div>
  )
}
