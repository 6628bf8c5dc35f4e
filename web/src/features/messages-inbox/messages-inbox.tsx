import { Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useId } from 'react'
import type { Loaded } from '../../api/loaded'
import type { PatientMessage } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Waiting } from '../../ui/waiting'
import { MessageCard } from './message-card'
import { byUrgency, type MessageGroup } from './message-order'
import classes from './messages-inbox.module.css'
import type { MessagesPart } from './use-messages'

/** Messages, and the clinic's time when they were read. */
interface MessageList {
  messages: PatientMessage[]
  now: string
}

interface MessagesInboxProps {
  messages: Loaded<MessageList>
  part: MessagesPart
  onPart: (part: MessagesPart) => void
}

/** What patients wrote: what must be read first, why, and how long there is to answer. */
export function MessagesInbox({ messages, part, onPart }: MessagesInboxProps) {
  return (
    <div className={classes.screen}>
      <header className={classes.heading}>
        <h1 className={classes.title}>Messages from patients</h1>
        <p className={classes.lead}>
          Ordered by rules for red flags and by a small model on this machine. It can be wrong: a
          person reads every message.{' '}
          <Link to="/cards/$task" params={{ task: 'text-classification' }}>
            How they are sorted
          </Link>
        </p>
      </header>
      <Tabs
        value={part}
        onChange={(value) => {
          if (value !== null) onPart(value as MessagesPart)
        }}
        keepMounted={false}
      >
        <Tabs.List className={classes.parts} aria-label="Part of the messages">
          <Tabs.Tab value="open">To answer</Tabs.Tab>
          <Tabs.Tab value="answered">Answered</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={part}>
          <LoadedView
            loaded={messages}
            subject="The messages"
            loading={<Waiting rows={4} height={90} />}
          >
            {(all) => (part === 'open' ? <Open {...all} /> : <Answered {...all} />)}
          </LoadedView>
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

function Open({ messages, now }: MessageList) {
  if (messages.length === 0)
    return (
      <Note icon={MessagesSquare} title="No message waits">
        What patients write to the clinic, and what they tell the assistant in an emergency, comes
        here.
      </Note>
    )
  return (
    <div className={classes.groups}>
      {byUrgency(messages).map((group) => (
        <Group key={group.urgency} group={group} now={now} />
      ))}
    </div>
  )
}

function Group({ group, now }: { group: MessageGroup; now: string }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className={classes.group} data-urgency={group.urgency}>
        {group.title} ({group.messages.length})
      </h2>
      <List messages={group.messages} now={now} label={group.title} />
    </section>
  )
}

function Answered({ messages, now }: MessageList) {
  if (messages.length === 0)
    return (
      <Note icon={MessagesSquare} title="Nothing was answered yet">
        Answered messages stay in this list and in the chart.
      </Note>
    )
  return <List messages={messages} now={now} label="Answered" />
}

function List({ messages, now, label }: MessageList & { label: string }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {messages.map((message) => (
        <li key={message.id}>
          <MessageCard message={message} now={now} />
        </li>
      ))}
    </ul>
  )
}
