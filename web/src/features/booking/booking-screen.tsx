import { Button } from '@mantine/core'
import { CalendarX, Clock } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { OnlineOpening, OnlineType, OnlineVisit } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Waiting } from '../../ui/waiting'
import { BornStep, ContactStep, NameStep } from './about-you-steps'
import { AgreeStep } from './agree-step'
import { BookedStep } from './booked-step'
import { birthDate, emptyForm, lines, reachable, stepsOf, type BookingForm } from './booking-form'
import { wordsIn, type BookingWords, type Language } from './booking-words'
import classes from './booking.module.css'
import { CodeStep } from './code-step'
import { BeforeStep, KindStep } from './first-steps'
import { HoldClock } from './hold-clock'
import { QuestionStep } from './question-step'
import { TimeStep } from './time-step'
import { useHold } from './use-hold'
import { bookOnce, useOnline, useSendCode } from './use-online'

interface BookingScreenProps {
  language: Language
  /** The page that the address names, so that the browser's back button goes one back. */
  step: string | undefined
  onStep: (step: string) => void
}

/** From a public link to a booked visit: one question a page, a time kept meanwhile. */
export function BookingScreen(props: BookingScreenProps) {
  const words = wordsIn(props.language)
  const online = loaded(useOnline(props.language))
  if (online.state === 'missing')
    return (
      <Note page icon={CalendarX} title={words.title}>
        {words.closed}
      </Note>
    )
  return (
    <LoadedView
      page
      loaded={online}
      subject={words.title}
      loading={<Waiting rows={4} height={70} />}
    >
      {(offered) => <Steps {...props} words={words} types={offered.types} />}
    </LoadedView>
  )
}

interface StepsProps extends BookingScreenProps {
  words: BookingWords
  types: OnlineType[]
}

function Steps({ words, types, language, step: asked, onStep }: StepsProps) {
  const [form, setForm] = useState<BookingForm>(emptyForm)
  const [visit, setVisit] = useState<OnlineVisit | null>(null)
  // A page that was loaded anew knows nothing of what was told, so its address leads to the start.
  const [hasBegun, setBegun] = useState(false)
  const hold = useHold()
  const choosing = useChoosing(hold.take, words)
  const sending = useSendCode(hold.visitor, language)
  const confirming = useConfirming()

  const type = types.find((one) => one.id === form.type)
  const steps = stepsOf(type)
  const step = reachable(hasBegun ? asked : undefined, steps, form, hold.held !== undefined)
  const at = steps.indexOf(step)
  const change = (changed: Partial<BookingForm>): void => {
    setForm((before) => ({ ...before, ...changed }))
  }
  const next = (): void => {
    setBegun(true)
    onStep(steps[at + 1] ?? 'before')
  }
  const back = (): void => {
    onStep(steps[at - 1] ?? 'before')
  }
  const shared = { words, form, onForm: change, onNext: next, onBack: back }

  const sendCode = (): void => {
    sending.mutate(form.email.trim(), {
      onSuccess: () => {
        onStep('code')
      },
    })
  }
  const confirm = (code: string): void => {
    if (hold.visitor === undefined || hold.held === undefined) return
    void confirming.run(
      { ...bodyOf(form, language), code },
      { visitor: hold.visitor, key: hold.held.key },
      {
        onBooked: (booked) => {
          hold.settle()
          setVisit(booked)
        },
        onOver: hold.lose,
      },
    )
  }

  if (visit !== null)
    return (
      <BookedStep
        words={words}
        language={language}
        visit={visit}
        email={form.email.trim()}
        onAnother={() => {
          setForm(emptyForm)
          setVisit(null)
          onStep('before')
        }}
      />
    )
  if (hold.isOver && step === 'time' && asked !== 'time')
    return (
      <Note
        page
        urgent
        icon={Clock}
        title={words.over}
        action={
          <Button
            size="md"
            onClick={() => {
              onStep('time')
            }}
          >
            {words.again}
          </Button>
        }
      >
        {words.overText}
      </Note>
    )
  return (
    <div className={classes.screen}>
      {hold.held !== undefined && step !== 'time' && (
        <HoldClock words={words} when={hold.held.opening.when.text} endsAt={hold.held.endsAt} />
      )}
      {step === 'before' && <BeforeStep {...shared} />}
      {step === 'kind' && <KindStep {...shared} types={types} />}
      {step === 'time' && type !== undefined && (
        <TimeStep
          key={`${type.id}/${choosing.round}`}
          words={words}
          language={language}
          type={type}
          visitor={hold.visitor}
          chosen={hold.held?.opening.when.start}
          pending={choosing.pending}
          failure={choosing.failure}
          onBack={back}
          onChoose={(opening) => void choosing.choose(opening, type.id, next)}
        />
      )}
      {step === 'name' && <NameStep {...shared} />}
      {step === 'born' && <BornStep {...shared} />}
      {step === 'contact' && <ContactStep {...shared} />}
      {(type?.questions ?? []).map(
        (question, number) =>
          step === `q-${question.id}` && (
            <QuestionStep
              key={question.id}
              {...shared}
              question={question}
              at={number + 1}
              of={type?.questions.length ?? 0}
            />
          ),
      )}
      {step === 'agree' && type !== undefined && hold.held !== undefined && (
        <AgreeStep
          {...shared}
          language={language}
          type={type}
          opening={hold.held.opening}
          pending={sending.isPending}
          failure={sending.error === null ? null : asFailure(sending.error).message}
          onNext={sendCode}
        />
      )}
      {step === 'code' && (
        <CodeStep
          words={words}
          email={form.email.trim()}
          shown={sending.data ?? null}
          pending={confirming.pending}
          lost={confirming.lost}
          failure={confirming.failure}
          onAgain={sendCode}
          onConfirm={confirm}
          onBack={back}
        />
      )}
    </div>
  )
}

type Take = (opening: OnlineOpening, type: string) => Promise<void>

/** Taking a time: whoever comes second sees what is still free. */
function useChoosing(take: Take, words: BookingWords) {
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const choose = async (opening: OnlineOpening, type: string, onTaken: () => void) => {
    setPending(true)
    setFailure(null)
    try {
      await take(opening, type)
      onTaken()
    } catch (error) {
      const { status, message } = asFailure(error)
      setFailure(status === 409 ? words.taken : message)
      setRound((before) => before + 1)
    }
    setPending(false)
  }
  return { pending, failure, round, choose }
}

interface Ends {
  onBooked: (visit: OnlineVisit) => void
  onOver: () => void
}

/** Confirming: pressed twice it is one attempt, and a lost answer is asked for again. */
function useConfirming() {
  const [pending, setPending] = useState(false)
  const [lost, setLost] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const run = async (
    body: Parameters<typeof bookOnce>[0],
    how: { visitor: string; key: string },
    ends: Ends,
  ) => {
    setPending(true)
    setFailure(null)
    try {
      const onLost = (): void => {
        setLost(true)
      }
      ends.onBooked(await bookOnce(body, { ...how, onLost }))
    } catch (error) {
      const { status, message } = asFailure(error)
      if (status === 410) ends.onOver()
      else setFailure(message)
    }
    setLost(false)
    setPending(false)
  }
  return { pending, lost, failure, run }
}

/** Everything but the code, as it is sent. */
function bodyOf(form: BookingForm, language: Language) {
  const answers = Object.entries(form.answers).map(([id, text]) => [id, lines(text)] as const)
  return {
    email: form.email.trim(),
    family: form.family.trim(),
    given: form.given.trim(),
    birth_date: birthDate(form, new Date()) ?? '',
    language,
    may_text: false,
    answers: Object.fromEntries(answers),
    agreed: form.agreed,
  }
}
