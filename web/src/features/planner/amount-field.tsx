import { NumberInput, Slider } from '@mantine/core'
import { useId } from 'react'
import classes from './amount-field.module.css'
import { placeOf } from './slider-steps'
import { count } from './plan-words'

interface AmountFieldProps {
  label: string
  /** Null is "let the planner derive it". */
  value: number | null
  steps: readonly number[]
  onChange: (value: number | null) => void
  /** What stands in the field while nothing is stated; without it a number is needed. */
  derived?: string
  prefix?: string
}

/** A number to slide roughly or to type exactly. */
export function AmountField({
  label,
  value,
  steps,
  onChange,
  derived,
  prefix = '',
}: AmountFieldProps) {
  const id = useId()
  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <NumberInput
        id={id}
        className={classes.number}
        size="xs"
        value={value ?? ''}
        placeholder={derived ?? ''}
        prefix={prefix}
        min={0}
        allowNegative={false}
        allowDecimal={false}
        thousandSeparator=","
        hideControls
        onChange={(typed) => {
          if (typed !== '') onChange(Number(typed))
          else onChange(derived === undefined ? 0 : null)
        }}
      />
      <Slider
        className={classes.slider}
        size={4}
        thumbSize={18}
        min={0}
        max={steps.length - 1}
        value={placeOf(value ?? 0, steps)}
        onChange={(place) => {
          onChange(steps[place] ?? 0)
        }}
        label={(place) => `${prefix}${count(steps[place] ?? 0)}`}
        thumbLabel={label}
        thumbValueText={(place) => `${prefix}${count(steps[place] ?? 0)}`}
      />
    </div>
  )
}
