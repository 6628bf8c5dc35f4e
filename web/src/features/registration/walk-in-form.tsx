import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client'
import { asFailure } from '../../api/errors'
import { callerOf, dayTyped } from './caller'
import classes from './registration.module.css'
import { TwinWarning } from './twin-warning'
import { useTwins } from './use-likely'

const required = (value: string) => (value.trim() === '' ? 'Fill this in.' : null)

interface Settled {
  patient?: string
  despite?: string
}

/** Somebody stands at the desk: four fields, and they are on the board as arrived. */
export function WalkInForm({ onDone }: { onDone: (words: string) => void }) {
  const [key] = useState(() => crypto.randomUUID())
  const [despite, setDespite] = useState('')
  const [isDoubtful, setDoubtful] = useState(false)
  const cache = useQueryClient()
  const form = useForm({
    initialValues: { name: '', birthDate: '', phone: '', reason: '' },
    validate: {
      name: required,
      reason: required,
      birthDate: (value) =>
        dayTyped(value.trim()) === undefined ? 'Write it as 1984-03-02 or 02-Mar-1984.' : null,
    },
  })
  const { name, phone, reason } = form.values
  const birthDate = dayTyped(form.values.birthDate.trim()) ?? ''
  const caller = {
    ...callerOf(name),
    ...(birthDate === '' ? {} : { birth_date: birthDate }),
    ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
  }
  const twins = useTwins(caller, isDoubtful)
  const likely = (twins.data?.twins ?? []).filter((twin) => twin.is_likely)
  const receive = useMutation({
    mutationFn: async (settled: Settled) => {
      const { data } = await client.POST('/api/walk-ins', {
        params: {
          header: {
            'Idempotency-Key': `${key}-${settled.patient ?? (settled.despite ? 'd' : 'p')}`,
          },
        },
        body: {
          name: name.trim(),
          birth_date: birthDate,
          phone: phone.trim() === '' ? null : phone.trim(),
          reason: reason.trim(),
          ...settled,
        },
      })
      return data
    },
    onSuccess: async (arrived) => {
      await cache.invalidateQueries({ queryKey: ['get', '/api/day'] })
      onDone(
        `${name.trim()} is on the board as arrived${arrived?.is_new === true ? ', registered now' : ''}.`,
      )
    },
    onError: (error) => {
      if (asFailure(error).code === 'records-likely-twin') setDoubtful(true)
    },
  })
  const isAsking = isDoubtful && likely.length > 0
  return (
    <form
      className={classes.screen}
      noValidate
      onSubmit={form.onSubmit(() => {
        receive.mutate(isAsking ? { despite: despite.trim() } : {})
      })}
    >
      <TextInput
        label="Name"
        description="Paul Johnson, or Johnson, Paul"
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Birth date"
        placeholder="1984-03-02"
        required
        {...form.getInputProps('birthDate')}
      />
      <TextInput label="Telephone" {...form.getInputProps('phone')} />
      <TextInput
        label="Reason"
        description="In the patient's own words"
        required
        maxLength={200}
        {...form.getInputProps('reason')}
      />
      {isAsking && (
        <TwinWarning
          twins={likely}
          despite={despite}
          onDespite={setDespite}
          onPick={(patient) => {
            receive.mutate({ patient: patient.id })
          }}
        />
      )}
      {receive.isError && !isAsking && (
        <p className={classes.problem} role="alert">
          {asFailure(receive.error).message}
        </p>
      )}
      <Button
        type="submit"
        loading={receive.isPending}
        disabled={isAsking && despite.trim().length < 3}
      >
        {isAsking ? 'New person, put on the board' : 'Put on the board'}
      </Button>
    </form>
  )
}
