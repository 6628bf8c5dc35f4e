import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { OwnMessage } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { patientTime, patientWeekdayDate } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Pill, type PillTone } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import classes from './assistant.module.css'
import { useOwnMessages, useSendMessage } from './use-assistant'

const longest = 4000

/** What one sent the clinic and what it answered; and a message without the assistant. */
export function SentMessages() {
  const { data, error, refetch } = useOwnMessages()
  return (
    <section className={classes.messages} aria-labelledby="messages-title">
      <h2 id="messages-title" className={classes.section}>
        Messages to the clinic
      </h2>
      <Write />
      <LoadedView
        loaded={loaded({ data: data?.messages, error, refetch })}
        subject="Your messages"
        loading={<Waiting rows={2} height={70} />}
      >
        {(messages) =>
          messages.length === 0 ? (
            <p className={classes.quiet}>You have sent no message yet.</p>
          ) : (
            <ul className={classes.sent} aria-label="Sent messages">
              {messages.map((message) => (
                <li key={message.id}>
                  <SentMessage message={message} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
    </section>
  )
}

function Write() {
  const [typed, setTyped] = useState('')
  const { mutate, error, isPending } = useSendMessage()
  return (
    <form
      className={classes.box}
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== '')
          mutate(typed, {
            onSuccess: () => {
              setTyped('')
            },
          })
      }}
    >
      <Textarea
        label="Write to the clinic"
        description="A person reads it. In an emergency call 911."
        size="md"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={longest}
        value={typed}
        error={error === null ? null : asFailure(error).message}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
      />
      <div className={classes.send}>
        <Button type="submit" size="md" loading={isPending} disabled={typed.trim() === ''}>
          Send to the clinic
        </Button>
      </div>
    </form>
  )
}

function stateWords({ state, taken_by }: OwnMessage): { label: string; tone: PillTone } {
  if (state === 'answered') return { label: 'Answered', tone: 'green' }
  if (state === 'taken') return { label: `${taken_by ?? 'Someone'} is on it`, tone: 'brand' }
  return { label: 'Waiting', tone: 'grey' }
}

function SentMessage({ message }: { message: OwnMessage }) {
  const { zone } = useClinic()
  const { label, tone } = stateWords(message)
  const at = (when: string): string =>
    `${patientWeekdayDate(when, zone)}, ${patientTime(when, zone)}`
  return (
    <article className={classes.message}>
      <header className={classes.messageHead}>
        <Pill tone={tone}>{label}</Pill>
        <span className={classes.maker}>Sent {at(message.sent)}</span>
      </header>
      {message.texts.map((text, part) => (
        <p key={part} className={classes.text}>
          {text}
        </p>
      ))}
      {message.reply === null ? (
        <p className={classes.maker}>
          {message.urgency === 'now' || message.urgency === 'soon'
            ? 'If it is urgent, do not wait for an answer: call. '
            : ''}
          Expect an answer by {at(message.due)}.
        </p>
      ) : (
        <figure className={classes.reply}>
          <figcaption>
            {message.reply.by}, {at(message.reply.at)}
          </figcaption>
          <blockquote>{message.reply.text}</blockquote>
        </figure>
      )}
    </article>
  )
}
