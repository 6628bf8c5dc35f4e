import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Go to the sign-in screen once, remembering where from. */
export function SignInRedirect() {
  const router = useRouter()
  useEffect(() => {
    const { pathname, href } = router.latestLocation
    // The frame stays mounted while the screen loads; the way there is not a place to come back to.
    if (pathname === '/sign-in') return
    void router.navigate({
      to: '/sign-in',
      search: pathname === '/' ? {} : { back: href },
      replace: true,
    })
  }, [router])
  return null
}
