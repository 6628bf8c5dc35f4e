import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { BookOpenText, CircleHelp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { asFailure } from '../../api/errors'
import type { AiAnswer } from '../../api/shapes'
import { citedAnswer, publishedSource, wordsOf } from '../../ui/cited-answer'
import { patientDate } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import { SourceLine } from '../../ui/source-line'
import { UrgentAdvice } from '../../ui/urgent-advice'
import { Waiting } from '../../ui/waiting'
import classes from './tutor.module.css'
import { useExplanation, type Language, type Level } from './use-explanation'

interface TutorScreenProps {
  /** The word in the address, so that it can be linked to. */
  term: string | undefined
  onTerm: (term: string) => void
}

const longest = 300

/** What a medical word means: from named sources, plainly or in detail. */
export function TutorScreen({ term, onTerm }: TutorScreenProps) {
  const [typed, setTyped] = useState(term ?? '')
  const [level, setLevel] = useState<Level>('plain')
  const [language, setLanguage] = useState<Language>('en')
  const { mutate, data, error, isPending, urgent } = useExplanation()
  const asked = useRef('')
  useEffect(() => {
    if (term === undefined) return
    const wanted = `${term} ${level} ${language}`
    if (asked.current === wanted) return
    asked.current = wanted
    mutate({ term, level, language })
  }, [term, level, language, mutate])
  return (
    <div className={classes.page}>
      <header>
        <h1 className={classes.title}>
          <BookOpenText size={24} aria-hidden="true" /> What does it mean?
        </h1>
        <p className={classes.lead}>
          Words from your record or from a letter, explained. It does not know your record and says
          nothing about you.
        </p>
      </header>
      <form
        className={classes.box}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const wanted = typed.trim()
          if (wanted === '') return
          asked.current = ''
          if (wanted === term) mutate({ term: wanted, level, language })
          onTerm(wanted)
        }}
      >
        <TextInput
          label="Word or short question"
          placeholder="For example: anaemia"
          size="md"
          maxLength={longest}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
          }}
        />
        <Button type="submit" size="md" loading={isPending} disabled={typed.trim() === ''}>
          Explain
        </Button>
        <div className={classes.switches}>
          <SegmentedControl
            aria-label="How it is explained"
            data={[
              { value: 'plain', label: 'Plain words' },
              { value: 'detailed', label: 'More detail' },
            ]}
            value={level}
            onChange={(value) => {
              setLevel(value)
            }}
          />
          <SegmentedControl
            aria-label="Language"
            data={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
            value={language}
            onChange={(value) => {
              setLanguage(value)
            }}
          />
        </div>
      </form>
      {urgent !== null && (
        <UrgentAdvice urgent={urgent} intro="If this is happening to you or somebody now" />
      )}
      <div aria-live="polite">
        {isPending ? (
          <Waiting rows={2} height={70} />
        ) : error !== null ? (
          <NoExplanation title="Nothing came back" reason={asFailure(error).message} />
        ) : data === undefined ? null : (
          <Explained term={data.asked.term} language={data.asked.language} answer={data.answer} />
        )}
      </div>
    </div>
  )
}

interface ExplainedProps {
  term: string
  language: Language
  answer: AiAnswer
}

function Explained({ term, language, answer }: ExplainedProps) {
  if (answer.status !== 'ok' || answer.output === null)
    return <NoExplanation title={`“${term}” could not be explained`} reason={answer.reason} />
  const cited = citedAnswer(answer.output)
  const { citations, escalation } = cited
  return (
    <section className={classes.answer} aria-label="Explanation">
      <h2 className={classes.term}>{term}</h2>
      {escalation !== null && (
        <p className={classes.escalation}>A person of the clinic should answer this.</p>
      )}
      <p className={classes.words} lang={language}>
        {wordsOf(cited)}
      </p>
      {citations.length > 0 && (
        <ul className={classes.sources} aria-label="Sources">
          {citations.map((citation) => (
            <li key={citation.number}>
              <SourceLine
                source={publishedSource(citation)}
                dayWords={(day) => patientDate(day, 'UTC')}
              />
              {publishedSource(citation).day === null && (
                <span className={classes.day}>No date is given</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <footer className={classes.foot}>
        <Pill tone="ai">Put together by AI ({answer.engine ?? 'an unnamed engine'})</Pill>
        <Link to="/portal/cards/$task" params={{ task: 'health-tutor' }}>
          How well it works
        </Link>
      </footer>
      {answer.notice !== null && <p className={classes.notice}>{answer.notice}</p>}
    </section>
  )
}

function NoExplanation({ title, reason }: { title: string; reason: string | null }) {
  return (
    <section className={classes.none} aria-label="No explanation">
      <CircleHelp size={22} aria-hidden="true" />
      <div>
        <p className={classes.noneTitle}>{title}</p>
        {reason !== null && <p>{reason}</p>}
        <p>
          Check the spelling, or{' '}
          <Link to="/portal/assistant" className={classes.ask}>
            ask the clinic
          </Link>
          .
        </p>
      </div>
    </section>
  )
}
