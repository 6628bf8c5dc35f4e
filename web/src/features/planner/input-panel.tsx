import { Button, NumberInput, Select, SegmentedControl, Switch } from '@mantine/core'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { AmountField } from './amount-field'
import classes from './input-panel.module.css'
import { startingInputs, type PlanInputs } from './plan-inputs'
import { stepsTo } from './slider-steps'

interface InputPanelProps {
  inputs: PlanInputs
  onChange: (change: Partial<PlanInputs>) => void
}

const patients = stepsTo(100_000)
const staff = stepsTo(2_000, 1)
const documents = stepsTo(5_000)
const calls = stepsTo(1_000_000, 100)
const dollars = stepsTo(5_000)

/** What is asked: who comes, what must hold, and what it may cost. */
export function InputPanel({ inputs, onChange }: InputPanelProps) {
  const [showsMore, setShowsMore] = useState(() => saysMore(inputs))
  return (
    <form
      className={classes.panel}
      aria-label="What is asked"
      onSubmit={(event) => {
        event.preventDefault()
      }}
    >
      <fieldset className={classes.group}>
        <legend className={classes.legend}>The clinic</legend>
        <AmountField
          label="Patients"
          value={inputs.patients}
          steps={patients}
          onChange={(value) => {
            onChange({ patients: value ?? 0 })
          }}
        />
        <AmountField
          label="Staff"
          value={inputs.staff}
          steps={staff}
          onChange={(value) => {
            onChange({ staff: value ?? 0 })
          }}
        />
        <AmountField
          label="Documents a day"
          value={inputs.documents}
          steps={documents}
          derived="derived"
          onChange={(value) => {
            onChange({ documents: value })
          }}
        />
        <AmountField
          label="AI calls a month"
          value={inputs.ai}
          steps={calls}
          onChange={(value) => {
            onChange({ ai: value ?? 0 })
          }}
        />
      </fieldset>
      <fieldset className={classes.group}>
        <legend className={classes.legend}>What must hold</legend>
        <div>
          <p className={classes.label} id="plan-rules">
            Rules
          </p>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="plan-rules"
            value={inputs.compliance}
            onChange={(value) => {
              onChange({ compliance: value })
            }}
            data={[
              { value: 'none', label: 'None' },
              { value: 'hipaa', label: 'HIPAA' },
              { value: 'gdpr', label: 'GDPR' },
              { value: 'soc2', label: 'SOC 2' },
            ]}
          />
        </div>
        <AmountField
          label="Budget a month"
          value={inputs.budget}
          steps={dollars}
          prefix="$"
          derived="no limit"
          onChange={(value) => {
            onChange({ budget: value })
          }}
        />
      </fieldset>
      <Button
        variant="subtle"
        size="compact-sm"
        className={classes.more}
        aria-expanded={showsMore}
        onClick={() => {
          setShowsMore(!showsMore)
        }}
      >
        {showsMore ? 'Fewer inputs' : 'More inputs'}
      </Button>
      {showsMore && <MoreInputs inputs={inputs} onChange={onChange} />}
      <Button
        variant="default"
        size="xs"
        leftSection={<RotateCcw size={14} aria-hidden="true" />}
        onClick={() => {
          onChange(startingInputs)
        }}
      >
        Start over
      </Button>
    </form>
  )
}

function saysMore(inputs: PlanInputs): boolean {
  const names = [
    'visits',
    'tokens',
    'data',
    'uptime',
    'need',
    'stage',
    'months',
    'catalog',
  ] as const
  return (
    names.some((name) => inputs[name] !== startingInputs[name]) ||
    inputs.isPrivate ||
    inputs.hasQueue
  )
}

function MoreInputs({ inputs, onChange }: InputPanelProps) {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>More inputs</legend>
      <Select
        size="xs"
        label="What AI must do"
        placeholder="whatever is cheapest"
        clearable
        clearButtonProps={{ 'aria-label': 'Clear what AI must do' }}
        value={inputs.need}
        onChange={(value) => {
          onChange({ need: value })
        }}
        data={[
          { value: 'none', label: 'Nothing: no AI' },
          { value: 'basic', label: 'Basic: short texts' },
          { value: 'advanced', label: 'Advanced: documents, images' },
          { value: 'custom', label: 'Models of our own' },
          { value: 'private', label: 'Private: on own machines' },
        ]}
      />
      <Select
        size="xs"
        label="Stage"
        placeholder="derived"
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the stage' }}
        value={inputs.stage}
        onChange={(value) => {
          onChange({ stage: value })
        }}
        data={[
          { value: 'development', label: 'Development' },
          { value: 'mvp', label: 'First users' },
          { value: 'production', label: 'Production' },
          { value: 'enterprise', label: 'Enterprise' },
        ]}
      />
      <Amount
        label="Visits a day"
        placeholder="derived"
        value={inputs.visits}
        onChange={(visits) => {
          onChange({ visits })
        }}
      />
      <Amount
        label="Tokens of one AI call"
        placeholder="1,000"
        value={inputs.tokens}
        onChange={(tokens) => {
          onChange({ tokens })
        }}
      />
      <Amount
        label="Records in GB"
        placeholder="derived"
        value={inputs.data}
        onChange={(data) => {
          onChange({ data })
        }}
      />
      <Amount
        label="Uptime in percent, at least"
        placeholder="no limit"
        value={inputs.uptime}
        onChange={(uptime) => {
          onChange({ uptime })
        }}
      />
      <Amount
        label="Months to plan"
        placeholder="36"
        value={inputs.months}
        onChange={(months) => {
          onChange({ months: months ?? startingInputs.months })
        }}
      />
      <Select
        size="xs"
        label="Prices"
        allowDeselect={false}
        value={inputs.catalog}
        onChange={(value) => {
          if (value !== null) onChange({ catalog: value })
        }}
        data={[
          { value: 'current', label: 'Current, region us-east-1' },
          { value: 'guide', label: 'The guide of 2025' },
        ]}
      />
      <Switch
        label="Machines in private subnets"
        checked={inputs.isPrivate}
        onChange={(event) => {
          onChange({ isPrivate: event.currentTarget.checked })
        }}
      />
      <Switch
        label="Managed queue for a fleet"
        checked={inputs.hasQueue}
        onChange={(event) => {
          onChange({ hasQueue: event.currentTarget.checked })
        }}
      />
    </fieldset>
  )
}

interface AmountProps {
  label: string
  placeholder: string
  value: number | null
  onChange: (value: number | null) => void
}

function Amount({ label, placeholder, value, onChange }: AmountProps) {
  return (
    <NumberInput
      size="xs"
      label={label}
      placeholder={placeholder}
      value={value ?? ''}
      allowNegative={false}
      thousandSeparator=","
      hideControls
      onChange={(typed) => {
        onChange(typed === '' ? null : Number(typed))
      }}
    />
  )
}
