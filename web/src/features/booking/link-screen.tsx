import { Button } from '@mantine/core'
import { Link2Off } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { LinkOpening, LinkSeen } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { Waiting } from '../../ui/waiting'
import classes from './booking.module.css'
import { linkWordsIn } from './link-words'
import { useLink, useLinkAct, useLinkOpenings } from './use-link'

/** What a link in a message leads to: the visit, and the one thing the link can do. */
export function LinkScreen({ link }: { link: string }) {
  const seen = loaded(useLink(link))
  if (seen.state === 'missing')
    return (
      <Note page icon={Link2Off} title="This link does not work any more">
        {seen.message}
      </Note>
    )
  return (
    <LoadedView page loaded={seen} subject="Your visit" loading={<Waiting rows={3} height={80} />}>
      {(first) => <Seen link={link} first={first} />}
    </LoadedView>
  )
}

function Seen({ link, first }: { link: string; first: LinkSeen }) {
  const [seen, setSeen] = useState(first)
  const [isDone, setDone] = useState(false)
  const doing = useLinkAct(link, (after) => {
    setSeen(after)
    setDone(true)
  })
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
    document.documentElement.lang = seen.language
    return () => {
      document.documentElement.lang = 'en'
    }
  }, [isDone, seen.language])

  const words = linkWordsIn(seen.language)
  const failure = doing.error === null ? null : asFailure(doing.error)
  const isLost = failure !== null && /offer-(lost|over)$/.test(failure.code)
  const acts = (['confirm', 'accept', 'decline', 'cancel', 'late', 'stop'] as const).filter((act) =>
    seen.can.includes(act),
  )
  const isOver = isDone && seen.purpose !== 'confirm'
  const mayMove = !isDone && (seen.purpose === 'move' || seen.purpose === 'choose')
  const title = isDone || isOver ? words.titles[seen.state] : words.asks[seen.purpose]
  return (
    <div className={classes.step}>
      {failure !== null && (
        <div className={classes.summary} role="alert" data-kind={isLost || undefined}>
          <p>{failure.message}</p>
          {isLost && <p>{words.kindLoss}</p>}
        </div>
      )}
      <h1 className={classes.title} tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {seen.visit !== null && <VisitFacts seen={seen} />}
      {seen.offer !== null && !isDone && !isLost && <p>{words.keptUntil(seen.offer.until.text)}</p>}
      {seen.policy !== null && !isDone && <p>{seen.policy.words}</p>}
      {mayMove && seen.can.some((act) => act === 'move' || act === 'choose') && (
        <Times
          link={link}
          act={words.move}
          pending={doing.isPending}
          onChoose={(opening) => {
            doing.mutate({ act: 'move', opening })
          }}
        />
      )}
      {!isOver && !isLost && acts.length > 0 && (
        <>
          {!isDone && <p className={classes.second}>{words.stay}</p>}
          {acts.includes('late') && <p>{words.late}</p>}
          <div className={classes.acts}>
            {acts
              .filter((act) => !(isDone && act === 'confirm'))
              .map((act, at) => (
                <Button
                  key={act}
                  size="md"
                  variant={at === 0 ? 'filled' : 'default'}
                  {...(act === 'cancel' ? { color: 'red.9' } : {})}
                  loading={doing.isPending}
                  onClick={() => {
                    doing.mutate({ act })
                  }}
                >
                  {words.acts[act]}
                </Button>
              ))}
          </div>
        </>
      )}
    </div>
  )
}

function VisitFacts({ seen }: { seen: LinkSeen }) {
  const { visit } = seen
  const words = linkWordsIn(seen.language)
  if (visit === null) return null
  return (
    <section className={classes.visit} data-over={seen.state === 'cancelled' || undefined}>
      <p className={classes.visitWhen}>{visit.when.text}</p>
      {visit.also !== null && <p>({words.own(visit.also.text)})</p>}
      <p>
        {visit.practitioner}, {words.minutes(visit.minutes)}
      </p>
      <p className={classes.second}>
        {[visit.place, visit.address].filter((part) => part !== '').join(', ')}
      </p>
    </section>
  )
}

interface TimesProps {
  link: string
  act: string
  pending: boolean
  onChoose: (opening: LinkOpening) => void
}

/** Times to move to: one is chosen, then a button says that it is meant. */
function Times({ link, act, pending, onChoose }: TimesProps) {
  const [chosen, setChosen] = useState<LinkOpening | null>(null)
  const openings = loaded(useLinkOpenings(link, undefined))
  return (
    <LoadedView
      loaded={openings}
      subject="The open times"
      loading={<Waiting rows={4} height={52} />}
    >
      {(found) => (
        <>
          <ul className={classes.times}>
            {found.map((one) => (
              <li key={`${one.start}/${one.practitioner_id}`}>
                <button
                  type="button"
                  className={classes.time}
                  aria-pressed={chosen === one}
                  disabled={pending}
                  onClick={() => {
                    setChosen(one)
                  }}
                >
                  <span className={classes.timeText}>{one.when.text}</span>
                  <span className={classes.timeWith}>{one.practitioner}</span>
                </button>
              </li>
            ))}
          </ul>
          {chosen !== null && (
            <Button
              size="md"
              loading={pending}
              onClick={() => {
                onChoose(chosen)
              }}
            >
              {act}
            </Button>
          )}
        </>
      )}
    </LoadedView>
  )
}
