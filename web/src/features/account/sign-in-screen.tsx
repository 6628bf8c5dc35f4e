import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { HeartPulse } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { Clinic } from '../../api/shapes'
import { SyntheticMark } from '../../ui/synthetic-mark'
import { CodeStep } from './code-step'
import { DemoAccounts } from './demo-accounts'
import classes from './sign-in-screen.module.css'
import { useSignIn, type Credentials } from './use-sign-in'

interface SignInScreenProps {
  clinic: Clinic
  /** Called once the session stands. */
  onSignedIn: () => void
  /** Whether a session ended under the person's hands. */
  returning: boolean
}

type SignInStep = { step: 'password' } | { step: 'code'; challenge: string }

/** E-mail and password, then the code where one is asked for. */
export function SignInScreen({ clinic, onSignedIn, returning }: SignInScreenProps) {
  const [step, setStep] = useState<SignInStep>({ step: 'password' })
  const signIn = useSignIn()
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : 'Enter your e-mail address'),
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  })

  const submit = (credentials: Credentials): void => {
    signIn.mutate(credentials, {
      onSuccess: (answer) => {
        if (answer.step === 'done') onSignedIn()
        else setStep(answer)
      },
    })
  }

  const failure = signIn.error === null ? null : asFailure(signIn.error).message
  return (
    <main className={classes.screen}>
      <div className={classes.column}>
        <header className={classes.brand}>
          <span className={classes.sign} aria-hidden="true">
            <HeartPulse size={26} />
          </span>
          <div>
            <p className={classes.clinic}>{clinic.name}</p>
            <p className={classes.product}>CareFlowAI</p>
          </div>
          <SyntheticMark />
        </header>
        <section className={classes.card} aria-labelledby="sign-in-title">
          <h1 id="sign-in-title" className={classes.title}>
            {step.step === 'password' ? 'Sign in' : 'Enter your code'}
          </h1>
          {returning && step.step === 'password' && (
            <p className={classes.hint}>Your session has ended. Sign in to go on where you were.</p>
          )}
          {failure !== null && (
            <p className={classes.failure} role="alert">
              {failure}
            </p>
          )}
          {step.step === 'password' ? (
            <form className={classes.form} noValidate onSubmit={form.onSubmit(submit)}>
              <TextInput
                label="E-mail"
                type="email"
                size="md"
                autoComplete="username"
                {...form.getInputProps('email')}
              />
              <PasswordInput
                label="Password"
                size="md"
                autoComplete="current-password"
                {...form.getInputProps('password')}
              />
              <Button type="submit" size="md" loading={signIn.isPending}>
                Sign in
              </Button>
            </form>
          ) : (
            <CodeStep
              pending={signIn.isPending}
              onCode={(code) => {
                submit({ challenge: step.challenge, code })
              }}
              onBack={() => {
                signIn.reset()
                setStep({ step: 'password' })
              }}
            />
          )}
        </section>
        {step.step === 'password' && clinic.synthetic && (
          <DemoAccounts
            accounts={clinic.demo_accounts}
            onChoose={({ email, password }) => {
              form.setValues({ email, password })
            }}
          />
        )}
        {clinic.synthetic && (
          <p className={classes.plan}>
            <Link to="/plan">Plan what to run and what it costs</Link>
            <span>No account needed</span>
          </p>
        )}
      </div>
    </main>
  )
}
