import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Ban, CircleHelp, Sparkles } from 'lucide-react'
import { useId, useState } from 'react'
import type { AiAnswer } from '../../api/shapes'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import { AnswerPart } from './answer-part'
import { partsOf } from '../../ui/answer-parts'
import classes from './answer-card.module.css'
import { findingsOf, isAt, type Finding } from '../../ui/findings'
import { SourceText } from './source-text'

interface AnswerCardProps {
  answer: AiAnswer
  title: string
  /** What was given, in which the answer's places count. */
  text: string
}

/** What came back: a draft marked as one, or why there is none. */
export function AnswerCard({ answer, title, text }: AnswerCardProps) {
  if (answer.status !== 'ok' || answer.output === null) return <NoAnswer answer={answer} />
  return <Draft answer={answer} output={answer.output} title={title} text={text} />
}

const noAnswer = {
  abstained: { title: 'AI could not say', icon: CircleHelp },
  blocked: { title: 'The clinic’s policy does not allow this', icon: Ban },
  failed: { title: 'It did not work', icon: CircleHelp },
  ok: { title: 'There is no answer', icon: CircleHelp },
} as const

function NoAnswer({ answer }: { answer: AiAnswer }) {
  const { title, icon } = noAnswer[answer.status]
  return (
    <section className={classes.plain} aria-label="No draft">
      <Note icon={icon} title={title}>
        <p>{answer.reason ?? 'No reason was given.'}</p>
        <p className={classes.byHand}>Please do it by hand. What you typed is still there.</p>
      </Note>
    </section>
  )
}

interface DraftProps extends AnswerCardProps {
  output: Record<string, unknown>
}

function Draft({ answer, output, title, text }: DraftProps) {
  const heading = useId()
  const [shown, setShown] = useState<string | null>(null)
  const parts = partsOf(answer.task, output)
  const findings = findingsOf(answer.findings)
  const elsewhere = findings.filter((one) => !parts.some((part) => isAt(one, part.place)))
  const items = parts.flatMap((part) => part.items ?? [])
  const chosen = items.find((item) => item.place === shown)
  return (
    <section className={classes.draft} aria-labelledby={heading}>
      <header className={classes.header}>
        <h2 id={heading} className={classes.title}>
          <Sparkles size={16} aria-hidden="true" /> {title}
        </h2>
        <Pill tone="ai-filled">AI draft · not signed</Pill>
      </header>
      <p className={classes.maker}>
        {makerWords(answer)} ·{' '}
        <Link to="/cards/$task" params={{ task: answer.task }}>
          What this task can do
        </Link>
      </p>
      {answer.draft !== null && <Kept draftId={answer.draft} />}
      {answer.notice !== null && <p className={classes.notice}>{answer.notice}</p>}
      <ToCheck all={findings.length} elsewhere={elsewhere} />
      <LeftOut counts={answer.left_out} />
      {parts.map((part) => (
        <AnswerPart
          key={part.place}
          part={part}
          text={text}
          findings={findings.filter((one) => isAt(one, part.place))}
          shown={shown}
          onShow={setShown}
        />
      ))}
      {parts.length === 0 && <p className={classes.maker}>The answer holds nothing to show.</p>}
      {text !== '' && (
        <SourceText
          text={text}
          spans={items.flatMap((item) => item.spans)}
          chosen={chosen?.spans}
        />
      )}
    </section>
  )
}

function Kept({ draftId }: { draftId: string }) {
  return (
    <div className={classes.kept}>
      <p>Kept as a draft for review, not in any chart.</p>
      <Button
        size="compact-md"
        color="ai"
        renderRoot={(props) => <Link to="/drafts/$draftId" params={{ draftId }} {...props} />}
      >
        Review the draft
      </Button>
    </div>
  )
}

function makerWords({ engine, model, prompt }: AiAnswer): string {
  const parts = [
    `Written by ${engine ?? 'an unnamed engine'}`,
    ...(model === null ? [] : [model]),
    ...(prompt === null ? [] : [`prompt ${prompt}`]),
  ]
  return parts.join(' · ')
}

function ToCheck({ all, elsewhere }: { all: number; elsewhere: readonly Finding[] }) {
  if (all === 0) return null
  return (
    <div className={classes.check} role="note">
      <p>
        <strong>{all === 1 ? '1 thing to check' : `${all} things to check`}</strong> before you use
        any of this.
      </p>
      {elsewhere.length > 0 && (
        <ul>
          {elsewhere.map((one) => (
            <li key={`${one.place} ${one.kind} ${one.said}`}>
              {one.said !== '' && <q>{one.said}</q>} {one.sentence}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function LeftOut({ counts }: { counts: Record<string, number> }) {
  const there = Object.entries(counts).filter(([, count]) => count > 0)
  if (there.length === 0) return null
  return (
    <p className={classes.leftOut}>
      Too long to read whole. Left out, the oldest first:{' '}
      {there.map(([kind, count]) => `${count.toLocaleString('en-US')} ${kind}`).join(', ')}.
    </p>
  )
}
