import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import classes from './sign-in-screen.module.css'

interface CodeStepProps {
  pending: boolean
  onCode: (code: string) => void
  act?: string
  onBack?: () => void
}

/** Six digits from the authenticator. */
export function CodeStep({ pending, onCode, act = 'Sign in', onBack }: CodeStepProps) {
  const [code, setCode] = useState('')
  const complete = /^\d{6}$/.test(code)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (complete) onCode(code)
      }}
    >
      <TextInput
        label="Code from your authenticator"
        description="Six digits, new every 30 seconds"
        size="md"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        data-autofocus
        autoFocus
        value={code}
        onChange={(event) => {
          setCode(event.currentTarget.value.replaceAll(/\D/g, ''))
        }}
      />
      <Button type="submit" size="md" loading={pending} disabled={!complete}>
        {act}
      </Button>
      {onBack !== undefined && (
        <Button variant="subtle" size="md" onClick={onBack}>
          Use another account
        </Button>
      )}
    </form>
  )
}
