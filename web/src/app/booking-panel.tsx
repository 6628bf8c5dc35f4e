import { useState } from 'react'
import type { PatientLine } from '../api/shapes'
import type { Caller } from '../features/registration/caller'
import { RegisterForm } from '../features/registration/register-form'
import { WhoIsIt } from '../features/registration/who-is-it'
import { BookVisit } from '../features/scheduling/book-visit'

type Step =
  { at: 'who' } | { at: 'register'; caller: Caller } | { at: 'book'; patient: PatientLine }

/** Who it is, then when: a visit from the first word on the telephone to the read-back. */
export function BookingPanel({ onClose }: { onClose: () => void }) {
  const [step, setStep] = useState<Step>({ at: 'who' })
  const whoIsIt = (): void => {
    setStep({ at: 'who' })
  }
  const book = (patient: PatientLine): void => {
    setStep({ at: 'book', patient })
  }
  switch (step.at) {
    case 'who':
      return (
        <WhoIsIt
          onPick={book}
          onNew={(caller) => {
            setStep({ at: 'register', caller })
          }}
        />
      )
    case 'register':
      return <RegisterForm caller={step.caller} onDone={book} onBack={whoIsIt} />
    case 'book':
      return <BookVisit patient={step.patient} onOther={whoIsIt} onClose={onClose} />
  }
}
