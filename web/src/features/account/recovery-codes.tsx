import { Button } from '@mantine/core'
import classes from './sign-in-screen.module.css'

interface RecoveryCodesProps {
  codes: string[]
  onKept: () => void
}

/** Shown this once: each opens the account one time without the phone. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  return (
    <div className={classes.form}>
      <p className={classes.hint}>
        Your authenticator works. Keep these codes somewhere safe: each lets you in once if you lose
        your phone. They are not shown again.
      </p>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button size="md" onClick={onKept}>
        I have kept them
      </Button>
    </div>
  )
}
