import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { SearchX } from 'lucide-react'
import { Note } from '../ui/note'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <main>
      <Note
        page
        icon={SearchX}
        title="There is no such page"
        action={
          <Button component={Link} to="/" variant="default">
            Go to the start
          </Button>
        }
      >
        The address may be old or mistyped.
      </Note>
    </main>
  )
}
