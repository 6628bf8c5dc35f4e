import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { BookingScreen } from '../features/booking/booking-screen'
import { languageOf, wordsIn } from '../features/booking/booking-words'

/** Booking without an account; the address holds the page and the language, never what is told. */
export function BookingPage() {
  const { step, lang } = useSearch({ from: '/visitors/book' })
  const navigate = useNavigate({ from: '/book' })
  const language = languageOf(lang)
  const other = language === 'en' ? 'es' : 'en'
  useEffect(() => {
    document.documentElement.lang = language
    return () => {
      document.documentElement.lang = 'en'
    }
  }, [language])
  return (
    <>
      <Button
        variant="subtle"
        lang={other}
        style={{ display: 'block', marginLeft: 'auto', marginTop: -10 }}
        onClick={() =>
          void navigate({ search: (before) => ({ ...before, lang: other }), replace: true })
        }
      >
        {wordsIn(language).other}
      </Button>
      <BookingScreen
        language={language}
        step={step}
        onStep={(next) => void navigate({ search: (before) => ({ ...before, step: next }) })}
      />
    </>
  )
}
