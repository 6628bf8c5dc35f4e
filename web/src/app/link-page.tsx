import { useEffect, useState } from 'react'
import { LinkScreen } from '../features/booking/link-screen'

function linkNow(): string {
  return window.location.hash.slice(1)
}

/** What a link in a message opens; it stands behind the # so that no server logs it. */
export function LinkPage() {
  const [link, setLink] = useState(linkNow)
  useEffect(() => {
    const change = (): void => {
      setLink(linkNow())
    }
    window.addEventListener('hashchange', change)
    return () => {
      window.removeEventListener('hashchange', change)
    }
  }, [])
  return <LinkScreen key={link} link={link === '' ? 'none' : link} />
}
