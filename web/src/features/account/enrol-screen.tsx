import { Button } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { asFailure } from '../../api/errors'
import type { Account } from '../../api/shapes'
import { CodeStep } from './code-step'
import { RecoveryCodes } from './recovery-codes'
import classes from './sign-in-screen.module.css'
import { useEnrolment } from './use-enrolment'
import { useSignOut } from './use-sign-out'

/** Staff set up a second factor before anything else opens. */
export function EnrolScreen({ account }: { account: Account }) {
  const { begin, confirm, finish } = useEnrolment()
  const signOut = useSignOut()
  const failure = begin.error ?? confirm.error
  return (
    <main className={classes.screen}>
      <div className={classes.column}>
        <section className={classes.card} aria-labelledby="enrol-title">
          <h1 id="enrol-title" className={classes.title}>
            Set up your authenticator
          </h1>
          {failure !== null && (
            <p className={classes.failure} role="alert">
              {asFailure(failure).message}
            </p>
          )}
          {confirm.data !== undefined ? (
            <RecoveryCodes codes={confirm.data.recovery_codes} onKept={() => void finish()} />
          ) : begin.data === undefined ? (
            <div className={classes.form}>
              <p className={classes.hint}>
                {account.name}, staff of this clinic sign in with a password and a code from an
                authenticator on their phone. It takes a minute, once.
              </p>
              <Button
                size="md"
                loading={begin.isPending}
                leftSection={<ShieldCheck size={18} aria-hidden="true" />}
                onClick={() => {
                  begin.mutate()
                }}
              >
                Begin
              </Button>
              <Button
                size="md"
                variant="subtle"
                onClick={() => {
                  signOut.mutate()
                }}
              >
                Sign out
              </Button>
            </div>
          ) : (
            <>
              <p className={classes.hint}>
                Add this key to your authenticator, or{' '}
                <a href={begin.data.uri}>open it on this device</a>:
              </p>
              <p className={classes.secret}>{inFours(begin.data.secret)}</p>
              <CodeStep
                pending={confirm.isPending}
                act="Confirm"
                onCode={(code) => {
                  confirm.mutate(code)
                }}
              />
            </>
          )}
        </section>
      </div>
    </main>
  )
}

/** Easier to copy by hand in groups of four. */
function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}
