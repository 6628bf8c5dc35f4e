import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { loaded } from '../../api/loaded'
import {
  citationTitle,
  isOurOwn,
  publishedSource,
  readable,
  type Citation,
  type CitedAnswer,
} from '../../ui/cited-answer'
import { useClinic } from '../../ui/clinic-context'
import { patientDate } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { SourceLine } from '../../ui/source-line'
import { Waiting } from '../../ui/waiting'
import classes from './cited-words.module.css'
import { useEntry } from './use-assistant'

/** Words with numbered marks; a mark opens what it rests on. */
export function CitedWords({ pieces, citations }: CitedAnswer) {
  const [shown, setShown] = useState<number | null>(null)
  const open = (number: number): void => {
    setShown((before) => (before === number ? null : number))
  }
  return (
    <>
      <p className={classes.words}>
        {pieces.map((piece, at) =>
          'words' in piece ? (
            <span key={at}>{piece.words}</span>
          ) : (
            <button
              key={at}
              type="button"
              className={classes.mark}
              aria-label={`Source ${piece.mark}`}
              aria-expanded={shown === piece.mark}
              onClick={() => {
                open(piece.mark)
              }}
            >
              {piece.mark}
            </button>
          ),
        )}
      </p>
      {citations.length > 0 && (
        <ol className={classes.citations} aria-label="What this rests on">
          {citations.map((citation) => (
            <li key={citation.number}>
              <button
                type="button"
                className={classes.citation}
                aria-expanded={shown === citation.number}
                onClick={() => {
                  open(citation.number)
                }}
              >
                <span className={classes.number}>{citation.number}</span>
                <span className={classes.source}>{citationTitle(citation)}</span>
                <ChevronRight size={18} aria-hidden="true" className={classes.chevron} />
              </button>
              {shown === citation.number && <Opened citation={citation} />}
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

function Opened({ citation }: { citation: Citation }) {
  if (citation.entry === null)
    return (
      <div className={classes.opened}>
        <p>{citation.text}</p>
        {!isOurOwn(citation.source) && (
          <p className={classes.from}>
            <SourceLine
              source={publishedSource(citation)}
              dayWords={(day) => patientDate(day, 'UTC')}
            />
          </p>
        )}
      </div>
    )
  return (
    <div className={classes.opened}>
      <EntryView {...citation.entry} />
    </div>
  )
}

function EntryView({ kind, id }: { kind: string; id: string }) {
  const { zone } = useClinic()
  return (
    <LoadedView
      loaded={loaded(useEntry(kind, id))}
      subject="This entry"
      loading={<Waiting rows={1} height={40} />}
    >
      {({ text, report }) => (
        <>
          <p>{readable(text, zone)}</p>
          {report !== null && (
            <Link
              to="/portal/results/$reportId"
              params={{ reportId: report }}
              className={classes.go}
            >
              Open the whole report
              <ChevronRight size={18} aria-hidden="true" />
            </Link>
          )}
        </>
      )}
    </LoadedView>
  )
}
