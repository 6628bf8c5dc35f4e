import { Button, Modal, Select, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Clock3, Hand, Reply, Shapes, Siren } from 'lucide-react'
import { useState } from 'react'
import { asFailure } from '../../api/errors'
import type { MessageClass, PatientMessage } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate, staffInstant } from '../../ui/dates'
import { listName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import { useTickingNow } from '../../ui/use-ticking-now'
import { classNames, clockWords, reasonsOf, urgencies } from './message-order'
import classes from './messages-inbox.module.css'
import { useMessageAct } from './use-messages'

interface MessageCardProps {
  message: PatientMessage
  /** The clinic's time when the list was read. */
  now: string
}

/** One message: whose, what, why it stands here, its clock, and what can be done with it. */
export function MessageCard({ message, now }: MessageCardProps) {
  const { zone } = useClinic()
  const { patient, urgency, klass } = message
  return (
    <article className={classes.message} data-urgency={urgency}>
      <header className={classes.head}>
        <h3 className={classes.who}>
          {patient === null ? (
            'A patient outside your care'
          ) : (
            <Link
              to="/chart/$patientId/$tab"
              params={{ patientId: patient.id, tab: 'summary' }}
              className={classes.patient}
            >
              {listName(patient)}
              <ChevronRight size={16} aria-hidden="true" />
            </Link>
          )}
          {patient?.birth_date != null && (
            <span className={classes.born}>Born {staffDate(patient.birth_date, zone)}</span>
          )}
        </h3>
        <span className={classes.states}>
          {message.state !== 'answered' && (
            <Pill tone={urgencies[urgency].tone}>{urgencies[urgency].pill}</Pill>
          )}
          <Pill tone="grey">{classNames[klass]}</Pill>
          {message.state === 'taken' && (
            <Pill tone="brand">{message.taken_by ?? 'Somebody'} is on it</Pill>
          )}
        </span>
      </header>
      {message.texts.map((text, at) => (
        <p key={at} className={classes.text}>
          {text}
        </p>
      ))}
      <Reasons message={message} />
      <div className={classes.foot}>
        <span className={classes.when}>
          {message.channel === 'assistant' ? 'Told the assistant' : 'Sent'}{' '}
          {staffInstant(message.sent, zone)}
        </span>
        {message.state === 'answered' ? null : <ResponseClock due={message.due} now={now} />}
      </div>
      {message.reply === null ? (
        message.state === 'answered' ? null : (
          <Acts message={message} />
        )
      ) : (
        <figure className={classes.reply}>
          <figcaption>
            {message.reply.by}, {staffInstant(message.reply.at, zone)}
          </figcaption>
          <blockquote>{message.reply.text}</blockquote>
        </figure>
      )}
    </article>
  )
}

function Reasons({ message }: { message: PatientMessage }) {
  return (
    <ul className={classes.reasons} aria-label="Why it stands here">
      {reasonsOf(message).map((reason) => (
        <li key={reason} data-flag={reason.startsWith('Red flag') || undefined}>
          {reason.startsWith('Red flag') ? (
            <Siren size={15} aria-hidden="true" />
          ) : (
            <Shapes size={15} aria-hidden="true" />
          )}
          {reason}
        </li>
      ))}
    </ul>
  )
}

function ResponseClock({ due, now }: { due: string; now: string }) {
  const at = useTickingNow(now)
  const { words, isOver } = clockWords(due, at)
  return (
    <span className={classes.clock} data-over={isOver || undefined}>
      <Clock3 size={15} aria-hidden="true" />
      {words}
    </span>
  )
}

function Acts({ message }: { message: PatientMessage }) {
  const [open, setOpen] = useState<'reply' | 'class' | null>(null)
  const { mutate, error, isPending, reset } = useMessageAct(message.id, message.version)
  const close = (): void => {
    setOpen(null)
    reset()
  }
  return (
    <>
      <div className={classes.acts}>
        {open !== 'reply' && (
          <>
            <Button
              variant={message.state === 'taken' ? 'default' : 'filled'}
              loading={isPending}
              leftSection={<Hand size={16} aria-hidden="true" />}
              onClick={() => {
                mutate({ act: 'take' })
              }}
            >
              {message.state === 'taken' ? 'Take over' : 'Take'}
            </Button>
            <Button
              variant="default"
              leftSection={<Reply size={16} aria-hidden="true" />}
              onClick={() => {
                setOpen('reply')
              }}
            >
              Reply
            </Button>
            <Button
              variant="default"
              leftSection={<Shapes size={16} aria-hidden="true" />}
              onClick={() => {
                setOpen('class')
              }}
            >
              Change class
            </Button>
          </>
        )}
      </div>
      {error !== null && open === null && (
        <p className={classes.failed} role="alert">
          {asFailure(error).message}
        </p>
      )}
      {open === 'reply' && (
        <ReplyForm
          pending={isPending}
          failure={error === null ? null : asFailure(error).message}
          onClose={close}
          onReply={(text) => {
            mutate({ act: 'reply', text }, { onSuccess: close })
          }}
        />
      )}
      <ClassDialog
        key={message.klass}
        opened={open === 'class'}
        now={message.klass}
        pending={isPending}
        failure={error === null || open !== 'class' ? null : asFailure(error).message}
        onClose={close}
        onClass={(klass, reason) => {
          mutate({ act: 'class', klass, reason }, { onSuccess: close })
        }}
      />
    </>
  )
}

interface FormProps {
  pending: boolean
  failure: string | null
  onClose: () => void
}

function ReplyForm({
  pending,
  failure,
  onClose,
  onReply,
}: FormProps & { onReply: (text: string) => void }) {
  const [text, setText] = useState('')
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onReply(text)
      }}
    >
      <Textarea
        label="Your answer"
        description="The patient reads it in the portal as soon as it is sent."
        autosize
        minRows={3}
        maxRows={12}
        maxLength={4000}
        autoFocus
        value={text}
        error={failure}
        onChange={(event) => {
          setText(event.currentTarget.value)
        }}
      />
      <div className={classes.acts}>
        <Button type="submit" loading={pending} disabled={text.trim() === ''}>
          Send answer
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

interface ClassDialogProps extends FormProps {
  opened: boolean
  now: MessageClass
  onClass: (klass: MessageClass, reason: string) => void
}

function ClassDialog({ opened, now, pending, failure, onClose, onClass }: ClassDialogProps) {
  const [klass, setClass] = useState<MessageClass>(now)
  const [reason, setReason] = useState('')
  const isReady = klass !== now && reason.trim().length >= 3
  return (
    <Modal opened={opened} onClose={onClose} title="Give it another class" centered>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) onClass(klass, reason.trim())
        }}
      >
        <p className={classes.when}>
          How soon it must be read follows the class. Red flags stay shown.
        </p>
        <Select
          label="Class"
          allowDeselect={false}
          data={Object.entries(classNames)
            .filter(([value]) => value !== 'unsorted')
            .map(([value, label]) => ({ value, label }))}
          value={klass}
          onChange={(value) => {
            if (value !== null) setClass(value as MessageClass)
          }}
        />
        <Textarea
          label="Why"
          autosize
          minRows={2}
          maxLength={300}
          value={reason}
          error={failure}
          onChange={(event) => {
            setReason(event.currentTarget.value)
          }}
        />
        <div className={classes.acts}>
          <Button type="submit" loading={pending} disabled={!isReady}>
            Change class
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  )
}
