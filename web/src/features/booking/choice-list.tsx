import type { ReactNode } from 'react'
import classes from './booking.module.css'

interface Choice {
  value: string
  label: string
  more?: ReactNode
}

interface ChoiceListProps {
  /** Also the id of the first one, for the summary of what is wrong. */
  name: string
  label: string
  choices: Choice[]
  value: string | null
  onChoose: (value: string) => void
}

/** A few answers to choose from, each as large as a thumb. */
export function ChoiceList({ name, label, choices, value, onChoose }: ChoiceListProps) {
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.hidden}>{label}</legend>
      {choices.map((choice, at) => (
        <label key={choice.value} className={classes.choice}>
          <input
            id={at === 0 ? name : undefined}
            type="radio"
            name={name}
            value={choice.value}
            checked={value === choice.value}
            onChange={() => {
              onChoose(choice.value)
            }}
          />
          <span>
            <span className={classes.choiceLabel}>{choice.label}</span>
            {choice.more}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
