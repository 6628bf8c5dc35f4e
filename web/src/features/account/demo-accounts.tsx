import type { DemoAccount } from '../../api/shapes'
import { roleName } from './roles'
import classes from './sign-in-screen.module.css'

interface DemoAccountsProps {
  accounts: DemoAccount[]
  onChoose: (account: DemoAccount) => void
}

/** One press fills in a demo account; only a synthetic clinic has any. */
export function DemoAccounts({ accounts, onChoose }: DemoAccountsProps) {
  if (accounts.length === 0) return null
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <h2 id="demo-title" className={classes.demoTitle}>
        Try a role
      </h2>
      <p className={classes.demoText}>
        Every person in this clinic is made up. Choose one, then sign in.
      </p>
      <ul className={classes.accounts}>
        {accounts.map((account) => (
          <li key={account.email}>
            <button
              type="button"
              className={classes.account}
              onClick={() => {
                onChoose(account)
              }}
            >
              <span className={classes.role}>{roleName(account.role)}</span>
              <span className={classes.name}>{account.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
