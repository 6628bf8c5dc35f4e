import { useState } from 'react'
import type { PatientLine } from '../api/shapes'
import { WhoIsIt } from '../features/registration/who-is-it'
import { JoinForm } from '../features/waitlist/join-form'
import { WaitingList } from '../features/waitlist/waiting-list'

type Step = { at: 'list' } | { at: 'who' } | { at: 'join'; patient: PatientLine }

/** The waiting list, and putting somebody on it. */
export function WaitingPanel() {
  const [step, setStep] = useState<Step>({ at: 'list' })
  const list = (): void => {
    setStep({ at: 'list' })
  }
  switch (step.at) {
    case 'list':
      return (
        <WaitingList
          onAdd={() => {
            setStep({ at: 'who' })
          }}
        />
      )
    case 'who':
      return (
        <WhoIsIt
          onPick={(patient) => {
            setStep({ at: 'join', patient })
          }}
        />
      )
    case 'join':
      return <JoinForm patient={step.patient} onDone={list} onBack={list} />
  }
}
