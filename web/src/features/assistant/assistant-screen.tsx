import { Button, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { MessageSquareText, Send, Sparkles } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { notBegun, type RunProgress } from '../../api/run-task'
import classes from './assistant.module.css'
import { ExchangeView } from './exchange-view'
import { SentMessages } from './sent-messages'
import { useConversation } from './use-assistant'

const examples = [
  'What were my last results?',
  'Which medicines do I take?',
  'When is my next visit?',
]
const longest = 4000

/** Ask about one's own record; a person of the clinic is one tap away. */
export function AssistantScreen() {
  const { exchanges, ask, isAsking, progress, clear } = useConversation()
  const stopper = useRef<AbortController>(null)
  const last = useRef<HTMLLIElement>(null)
  const count = exchanges.length
  useEffect(() => {
    if (count > 0) last.current?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, [count])
  useEffect(() => () => stopper.current?.abort(), [])
  const put = (question: string): void => {
    stopper.current = new AbortController()
    ask({ question, signal: stopper.current.signal })
  }
  return (
    <div className={classes.page}>
      <header>
        <h1 className={classes.title}>
          <Sparkles size={22} aria-hidden="true" /> Assistant
        </h1>
        <p className={classes.lead}>
          A program that looks things up in your record and says where they stand. It is not a nurse
          or a doctor.
        </p>
      </header>
      <Limits />
      {exchanges.length > 0 && (
        <ol className={classes.exchanges} aria-label="This conversation">
          {exchanges.map((one, at) => (
            <li key={one.id} ref={at === exchanges.length - 1 ? last : undefined}>
              <ExchangeView
                exchange={one}
                progress={progressOf(progress, at === exchanges.length - 1)}
                onStop={() => stopper.current?.abort()}
              />
            </li>
          ))}
        </ol>
      )}
      <QuestionBox
        key={exchanges.length}
        isFirst={exchanges.length === 0}
        isAsking={isAsking}
        onAsk={put}
      />
      {exchanges.length > 0 && !isAsking && (
        <Button variant="subtle" className={classes.clear} onClick={clear}>
          Forget this conversation
        </Button>
      )}
      <SentMessages />
    </div>
  )
}

function progressOf(progress: RunProgress, isLast: boolean): RunProgress {
  return isLast ? progress : notBegun
}

function Limits() {
  return (
    <details className={classes.limits}>
      <summary>What it can and cannot do</summary>
      <ul>
        <li>It can find what is in your record: results, medicines, conditions and visits.</li>
        <li>It can explain medical words.</li>
        <li>
          It cannot say what is wrong with you, whether something is dangerous, or what to take. Ask
          the clinic.
        </li>
        <li>It can be wrong. Open the numbers in an answer to see what it rests on.</li>
        <li>
          This conversation is forgotten when you sign out or reload. If you write of an emergency,
          your words are sent to the clinic.
        </li>
      </ul>
      <Link to="/portal/cards/$task" params={{ task: 'patient-chat' }} className={classes.about}>
        How well it works, and how we know
      </Link>
    </details>
  )
}

interface QuestionBoxProps {
  isFirst: boolean
  isAsking: boolean
  onAsk: (question: string) => void
}

function QuestionBox({ isFirst, isAsking, onAsk }: QuestionBoxProps) {
  const [typed, setTyped] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const send = (): void => {
    setEmpty(typed.trim() === '')
    if (typed.trim() !== '' && !isAsking) onAsk(typed.trim())
  }
  return (
    <form
      className={classes.box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Textarea
        label="Your question"
        placeholder="In your own words"
        size="md"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={longest}
        value={typed}
        error={isEmpty ? 'Write your question first' : null}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      />
      <div className={classes.send}>
        <Button
          type="submit"
          size="md"
          color="ai"
          loading={isAsking}
          leftSection={<Send size={18} aria-hidden="true" />}
        >
          Ask
        </Button>
      </div>
      {isFirst && (
        <div className={classes.examples} role="group" aria-label="Examples">
          {examples.map((example) => (
            <button
              key={example}
              type="button"
              className={classes.example}
              onClick={() => {
                onAsk(example)
              }}
            >
              <MessageSquareText size={18} aria-hidden="true" />
              {example}
            </button>
          ))}
        </div>
      )}
    </form>
  )
}
