import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { LogOut } from 'lucide-react'
import type { Account } from '../../api/shapes'
import { initialsOf } from '../../ui/person-name'
import classes from './account-menu.module.css'
import { roleName } from './roles'
import { useSignOut } from './use-sign-out'

/** Who is signed in, and the way out. */
export function AccountMenu({ account }: { account: Account }) {
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.avatar}>
          <span aria-hidden="true">{initialsOf(account.name)}</span>
          <VisuallyHidden>Account of {account.name}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <p className={classes.name}>{account.name}</p>
          <p className={classes.role}>
            {roleName(account.role)} · {account.email}
          </p>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<LogOut size={16} aria-hidden="true" />}
          onClick={() => {
            signOut.mutate()
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
