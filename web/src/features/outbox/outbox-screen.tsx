import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Send } from 'lucide-react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { OutboxMessage, OutboxState } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { kindWords, stateChoices, stateWords, waysWords, wayWords } from './outbox-words'
import classes from './outbox.module.css'
import { useOutbox, useSendAgain } from './use-outbox'

interface OutboxScreenProps {
  state: OutboxState | undefined
  onState: (state: OutboxState | undefined) => void
}

/** What went to whom about visits, what did not and why, and sending it again. */
export function OutboxScreen({ state, onState }: OutboxScreenProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOutbox(state)
  const messages = data?.pages.flatMap((page) => page?.messages ?? [])
  const ways = data?.pages[0]?.ways
  return (
    <div className={classes.screen}>
      <h1 className={classes.title}>Messages about visits</h1>
      {ways !== undefined && waysWords(ways) !== undefined && (
        <p className={classes.aside}>{waysWords(ways)}</p>
      )}
      <Select
        className={classes.filter}
        label="State"
        placeholder="All"
        clearable
        value={state ?? null}
        data={stateChoices}
        onChange={(value) => {
          onState(stateChoices.find((choice) => choice.value === value)?.value)
        }}
      />
      <LoadedView
        loaded={loaded({ data: messages, error, refetch })}
        subject="The list of messages"
        loading={<Waiting rows={8} height={64} />}
      >
        {(all) => <Messages messages={all} />}
      </LoadedView>
      {hasNextPage && (
        <Button
          variant="default"
          className={classes.more}
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show older messages
        </Button>
      )}
    </div>
  )
}

function Messages({ messages }: { messages: OutboxMessage[] }) {
  if (messages.length === 0)
    return (
      <Note icon={Send} title="No messages">
        Nothing has been written to anybody that fits what you asked for.
      </Note>
    )
  return (
    <ul className={classes.list}>
      {messages.map((message) => (
        <li key={message.id} className={classes.message}>
          <Message message={message} />
        </li>
      ))}
    </ul>
  )
}

function Message({ message }: { message: OutboxMessage }) {
  const { zone } = useClinic()
  const again = useSendAgain()
  const { words, tone } = stateWords(message.state)
  return (
    <>
      <span className={classes.when}>{staffInstant(message.sent_at ?? message.at, zone)}</span>
      <div className={classes.body}>
        <span className={classes.who}>{message.patient_name}</span>, {kindWords(message.kind)}
        <div className={classes.aside}>{wayWords(message)}</div>
        {message.why !== null && <div className={classes.aside}>{message.why}</div>}
        {message.text !== null && (
          <details>
            <summary className={classes.aside}>What it says</summary>
            {message.subject !== null && <p className={classes.text}>{message.subject}</p>}
            <p className={classes.text}>{message.text}</p>
          </details>
        )}
      </div>
      <div className={classes.acts}>
        <Pill tone={tone}>{words}</Pill>
        {message.can_send_again && (
          <Button
            size="compact-sm"
            variant="default"
            loading={again.isPending}
            aria-label={`Send again to ${message.patient_name}`}
            onClick={() => {
              again.mutate(message.id, {
                onSuccess: () => {
                  notifications.show({ message: `${message.patient_name}: it is sent again.` })
                },
                onError: (error) => {
                  notifications.show({ message: asFailure(error).message, color: 'red' })
                },
              })
            }}
          >
            Send again
          </Button>
        )}
      </div>
    </>
  )
}
