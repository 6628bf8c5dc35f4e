import { Button, VisuallyHidden } from '@mantine/core'
import { UserRoundCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { Candidates, InboxDocument } from '../../api/shapes'
import { LoadedView } from '../../ui/loaded-view'
import { PageImage } from '../../ui/page-image'
import { listName } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import { CandidateCard } from './candidate-card'
import classes from './match-panel.module.css'
import { ReadIdentityCard } from './read-identity-card'
import { useCandidates, useDocumentDecisions } from './use-document'

interface MatchPanelProps {
  document: InboxDocument
  picker: (onPick: (patientId: string) => void) => ReactNode
}

/** Whose document is it? The machine proposes with reasons; a person decides, always. */
export function MatchPanel({ document, picker }: MatchPanelProps) {
  const candidates = loaded(useCandidates(document.id))
  return (
    <div className={classes.split}>
      <section className={classes.page} aria-label="First page" tabIndex={0}>
        <PageImage
          src={`/api/documents/${encodeURIComponent(document.id)}/pages/1`}
          alt={`First page of ${document.filename}`}
        />
      </section>
      <section className={classes.panel} aria-labelledby="match-title">
        <h2 id="match-title" className={classes.title}>
          Whose report is this?
        </h2>
        <LoadedView
          loaded={candidates}
          subject="The list of candidates"
          loading={<Waiting rows={3} height={90} />}
        >
          {(found) => <Choice document={document} found={found} picker={picker} />}
        </LoadedView>
      </section>
    </div>
  )
}

function Choice({ document, found, picker }: MatchPanelProps & { found: Candidates }) {
  const { match } = useDocumentDecisions(document.id)
  const [chosen, setChosen] = useState<string | null>(null)
  const candidate = found.candidates.find(({ patient }) => patient.id === chosen)
  return (
    <>
      <ReadIdentityCard read={found.read} />
      <fieldset className={classes.candidates}>
        <legend className={classes.legend}>
          {found.candidates.length === 0 ? 'No patient on record fits' : 'Patients it may be about'}
        </legend>
        {found.candidates.map((one) => (
          <CandidateCard
            key={one.patient.id}
            candidate={one}
            chosen={one.patient.id === chosen}
            onChoose={() => {
              setChosen(one.patient.id)
            }}
          />
        ))}
      </fieldset>
      {match.error !== null && (
        <p className={classes.failure} role="alert">
          {asFailure(match.error).message}
        </p>
      )}
      <Button
        fullWidth
        size="md"
        disabled={candidate === undefined}
        loading={match.isPending}
        leftSection={<UserRoundCheck size={18} aria-hidden="true" />}
        onClick={() => {
          if (candidate !== undefined) match.mutate(candidate.patient.id)
        }}
      >
        {candidate === undefined ? 'Choose a patient' : `This is ${listName(candidate.patient)}`}
      </Button>
      <section className={classes.other} aria-labelledby="other-title">
        <h3 id="other-title" className={classes.legend}>
          Someone else
        </h3>
        {picker((patientId) => {
          match.mutate(patientId)
        })}
      </section>
      <VisuallyHidden role="status">{match.isPending ? 'Saving the match' : ''}</VisuallyHidden>
    </>
  )
}
