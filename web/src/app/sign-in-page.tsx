import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { loaded } from '../api/loaded'
import { useClinicFacts } from '../api/use-clinic'
import { SignInScreen } from '../features/account/sign-in-screen'
import { LoadedView } from '../ui/loaded-view'

function isOurOwn(path: string): boolean {
  // A back address is only ever a path of this application.
  return path.startsWith('/') && !path.startsWith('//') && !path.startsWith('/\\')
}

/** Sign in, then go back to where the session ended. */
export function SignInPage() {
  const { back } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const router = useRouter()
  const clinic = loaded(useClinicFacts())
  return (
    <LoadedView page loaded={clinic} subject="The clinic" loading={null}>
      {(facts) => (
        <SignInScreen
          clinic={facts}
          returning={back !== undefined}
          onSignedIn={() => {
            if (back !== undefined && isOurOwn(back)) router.history.replace(back)
            else void navigate({ to: '/', replace: true })
          }}
        />
      )}
    </LoadedView>
  )
}
