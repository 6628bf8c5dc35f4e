import { Button, Checkbox, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client'
import { asFailure } from '../../api/errors'
import type { PatientLine } from '../../api/shapes'
import { dayTyped, type Caller } from './caller'
import classes from './registration.module.css'
import { TwinWarning } from './twin-warning'
import { useTwins } from './use-likely'

interface RegisterFormProps {
  caller: Caller
  onDone: (patient: PatientLine) => void
  onBack: () => void
}

const required = (value: string) => (value.trim() === '' ? 'Fill this in.' : null)
const shortestReason = 3

/** Register somebody in a few fields; whoever they may be already is shown while typing. */
export function RegisterForm({ caller, onDone, onBack }: RegisterFormProps) {
  // One key for all tries of this form, so that a lost answer never makes two records.
  const [key] = useState(() => crypto.randomUUID())
  const [despite, setDespite] = useState('')
  const form = useForm({
    initialValues: {
      family: caller.family ?? '',
      given: caller.given ?? '',
      birthDate: caller.birth_date ?? '',
      phone: caller.phone ?? '',
      mayText: false,
      email: '',
      mayMail: false,
    },
    validate: {
      family: required,
      given: required,
      birthDate: (value) =>
        dayTyped(value.trim()) === undefined ? 'Write it as 1984-03-02 or 02-Mar-1984.' : null,
    },
  })
  const { values } = form
  const birthDate = dayTyped(values.birthDate.trim())
  const [said] = useDebouncedValue(
    JSON.stringify({
      family: values.family.trim(),
      given: values.given.trim(),
      phone: values.phone.trim(),
      birth_date: birthDate,
    }),
    300,
  )
  const twins = useTwins(JSON.parse(said) as Caller)
  const likely = (twins.data?.twins ?? []).filter((twin) => twin.is_likely)
  const isExplained = likely.length === 0 || despite.trim().length >= shortestReason
  const save = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST('/api/patients', {
        params: { header: { 'Idempotency-Key': `${key}-${despite === '' ? 'plain' : 'despite'}` } },
        body: {
          family: values.family.trim(),
          given: values.given.trim(),
          birth_date: birthDate ?? '',
          needs_interpreter: false,
          phones:
            values.phone.trim() === ''
              ? []
              : [{ value: values.phone.trim(), may_write: values.mayText }],
          emails:
            values.email.trim() === ''
              ? []
              : [{ value: values.email.trim(), may_write: values.mayMail }],
          ...(likely.length > 0 ? { despite: despite.trim() } : {}),
        },
      })
      return data
    },
    onSuccess: (patient) => {
      if (patient !== undefined) onDone(patient)
    },
    onError: () => void twins.refetch(),
  })
  return (
    <form
      className={classes.screen}
      noValidate
      onSubmit={form.onSubmit(() => {
        save.mutate()
      })}
    >
      <div className={classes.pair}>
        <TextInput label="Family name" required data-autofocus {...form.getInputProps('family')} />
        <TextInput label="Given name" required {...form.getInputProps('given')} />
      </div>
      <TextInput
        label="Birth date"
        description="Tells people of one name apart"
        placeholder="1984-03-02"
        required
        {...form.getInputProps('birthDate')}
      />
      <TextInput
        label="Telephone"
        description="To call if the visit changes"
        {...form.getInputProps('phone')}
      />
      <Checkbox
        label="We may send text messages to it"
        {...form.getInputProps('mayText', { type: 'checkbox' })}
      />
      <TextInput
        label="E-mail"
        description="For the confirmation and reminders"
        {...form.getInputProps('email')}
      />
      <Checkbox
        label="We may write to this e-mail address"
        {...form.getInputProps('mayMail', { type: 'checkbox' })}
      />
      {likely.length > 0 && (
        <TwinWarning twins={likely} despite={despite} onDespite={setDespite} onPick={onDone} />
      )}
      {save.isError && (
        <p className={classes.problem} role="alert">
          {asFailure(save.error).message}
        </p>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!isExplained}>
          {likely.length > 0 ? 'Register as a new person anyway' : 'Register'}
        </Button>
      </Group>
    </form>
  )
}
