import { Button } from '@mantine/core'
import { CircleCheck, CircleHelp, LoaderCircle, UserRound } from 'lucide-react'
import { asFailure } from '../../api/errors'
import type { RunProgress, Step } from '../../api/run-task'
import type { AiAnswer, OwnMessage } from '../../api/shapes'
import { citedAnswer } from '../../ui/cited-answer'
import { useClinic } from '../../ui/clinic-context'
import { patientTime, patientWeekdayDate } from '../../ui/dates'
import { Pill } from '../../ui/pill'
import { UrgentAdvice } from '../../ui/urgent-advice'
import classes from './assistant.module.css'
import { CitedWords } from './cited-words'
import { handOverText, repeatsAdvice, type Exchange } from './conversation'
import { useSendMessage } from './use-assistant'

interface ExchangeViewProps {
  exchange: Exchange
  progress: RunProgress
  onStop: () => void
}

/** A question, what must be done first, the answer, and the way to a person. */
export function ExchangeView({ exchange, progress, onStop }: ExchangeViewProps) {
  const { question, urgent, outcome } = exchange
  const isRepeated = repeatsAdvice(exchange)
  return (
    <article className={classes.exchange}>
      <p className={classes.question}>
        <span className={classes.hidden}>You asked: </span>
        {question}
      </p>
      {urgent !== null && <UrgentAdvice urgent={urgent} />}
      <div aria-live="polite">
        {outcome === null ? (
          <Working progress={progress} onStop={onStop} />
        ) : isRepeated ? (
          <p className={classes.forPerson}>
            <UserRound size={20} aria-hidden="true" />
            The assistant says no more about this: it is for a person.
          </p>
        ) : 'answer' in outcome ? (
          <Answer answer={outcome.answer} />
        ) : (
          <NoAnswer title="Nothing came back" reason={outcome.failure} />
        )}
      </div>
      {outcome !== null && <HandOver exchange={exchange} />}
    </article>
  )
}

const stepWords: Record<Step, string> = {
  gathering: 'Looking in your record',
  privacy: 'Taking out what identifies you',
  asking: 'Working out an answer',
  writing: 'Writing',
  checking: 'Comparing the answer with your record',
}

function Working({ progress, onStop }: Omit<ExchangeViewProps, 'exchange'>) {
  const step = progress.steps.at(-1)
  return (
    <div className={classes.working}>
      <LoaderCircle size={20} aria-hidden="true" className={classes.turning} />
      <span role="status">{step === undefined ? 'Reading your question' : stepWords[step]}</span>
      <Button variant="default" size="compact-md" onClick={onStop}>
        Stop
      </Button>
    </div>
  )
}

const noAnswerTitles: Record<AiAnswer['status'], string> = {
  ok: 'There is no answer to this',
  abstained: 'The assistant cannot answer this',
  blocked: 'The clinic does not let the assistant answer this',
  failed: 'It did not work',
}

function Answer({ answer }: { answer: AiAnswer }) {
  if (answer.status !== 'ok' || answer.output === null)
    return <NoAnswer title={noAnswerTitles[answer.status]} reason={answer.reason} />
  const cited = citedAnswer(answer.output)
  return (
    <section className={classes.answer} aria-label="Answer">
      <header className={classes.answerHead}>
        <Pill tone="ai-filled">AI · not checked by a person</Pill>
        <span className={classes.maker}>{makerWords(answer)}</span>
      </header>
      {cited.escalation !== null && (
        <p className={classes.escalation}>
          <UserRound size={20} aria-hidden="true" />A person of the clinic should answer this.
        </p>
      )}
      <CitedWords {...cited} />
      {cited.citations.length === 0 && (
        <p className={classes.maker}>Nothing in your record stands behind this answer.</p>
      )}
      {answer.notice !== null && <p className={classes.notice}>{answer.notice}</p>}
    </section>
  )
}

function makerWords({ engine }: AiAnswer): string {
  if (engine === 'local') return 'Looked up by rules on the clinic’s computer'
  return `Written by ${engine ?? 'an unnamed engine'}`
}

function NoAnswer({ title, reason }: { title: string; reason: string | null }) {
  return (
    <section className={classes.none} aria-label="No answer">
      <CircleHelp size={22} aria-hidden="true" />
      <div>
        <p className={classes.noneTitle}>{title}</p>
        {reason !== null && <p>{reason}</p>}
        <p>A person can: send your question to the clinic, or call.</p>
      </div>
    </section>
  )
}

function HandOver({ exchange }: { exchange: Exchange }) {
  const { mutate, data, error, isPending } = useSendMessage()
  if (exchange.urgent?.is_clinic_told === true && data === undefined) return null
  if (data !== undefined) return <Handed message={data} />
  return (
    <div className={classes.handOver}>
      <Button
        variant="default"
        size="md"
        loading={isPending}
        leftSection={<UserRound size={18} aria-hidden="true" />}
        onClick={() => {
          mutate(handOverText(exchange))
        }}
      >
        Ask the clinic instead
      </Button>
      {error !== null && (
        <p role="alert" className={classes.failed}>
          {asFailure(error).message} Please call the clinic.
        </p>
      )}
    </div>
  )
}

function Handed({ message }: { message: OwnMessage }) {
  const { zone } = useClinic()
  return (
    <p className={classes.handed} role="status">
      <CircleCheck size={20} aria-hidden="true" />
      <span>
        Sent to the clinic. Expect an answer by {patientWeekdayDate(message.due, zone)},{' '}
        {patientTime(message.due, zone)}, here on this page.
      </span>
    </p>
  )
}
