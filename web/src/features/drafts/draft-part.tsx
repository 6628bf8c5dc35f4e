import { Button } from '@mantine/core'
import { Check, Pencil } from 'lucide-react'
import { useId, useState } from 'react'
import { asFailure } from '../../api/errors'
import type { DraftFinding, TaskDraft } from '../../api/shapes'
import type { Part } from '../../ui/answer-parts'
import { Pill } from '../../ui/pill'
import classes from './draft-part.module.css'
import { sentencesOf, valueAt, withValue, wordsOf, type Evidence } from './evidence'
import { FindingBox } from './finding-box'
import { PartChanges } from './part-changes'
import { editableAs, PartEditor } from './part-editor'
import { PartItems } from './part-items'
import { PartWords, type Choosing } from './part-words'
import { QuoteCards } from './quote-cards'
import type { useTaskDraft } from './use-drafts'

interface DraftPartProps extends Choosing {
  part: Part
  draft: TaskDraft
  evidence: readonly Evidence[]
  findings: readonly (DraftFinding & { number: number })[]
  isOpen: boolean
  isEdited: boolean
  acts: ReturnType<typeof useTaskDraft>
  onCurrent: () => void
  onEdit: (edited: boolean) => void
  /** Something was done: the focus stays here, or goes on to the next part. */
  onDone: (step: 0 | 1) => void
}

/** One part of a draft: its words, its doubts, what was changed, and a person's word for it. */
export function DraftPart(props: DraftPartProps) {
  const { part, draft, evidence, findings, isOpen, isEdited, acts, onEdit, ...rest } = props
  const heading = useId()
  const [isComparing, setComparing] = useState(false)
  const value = valueAt(draft.output, part.place)
  const said = draft.said === null ? value : valueAt(draft.said, part.place)
  const isChanged = wordsOf(said) !== wordsOf(value)
  const state = draft.parts.find(({ place }) => place === part.place)
  const tied = evidence.length > 0 && 'claims' in draft.output
  const choosing = { chosen: rest.chosen, onChoose: rest.onChoose }
  const isHere = isChosenHere(part, choosing.chosen)
  return (
    <section
      className={classes.part}
      data-part={part.place}
      data-tone={part.tone}
      tabIndex={-1}
      aria-labelledby={heading}
      onFocus={rest.onCurrent}
      onPointerDown={rest.onCurrent}
    >
      <header className={classes.head}>
        <h2 id={heading} className={classes.title}>
          {part.title}
        </h2>
        <State state={state} isChanged={isChanged} changedBy={draft.changed_by} />
        {!isEdited && (
          <div className={classes.acts}>
            {isChanged && (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-pressed={isComparing}
                onClick={() => {
                  setComparing(!isComparing)
                }}
              >
                {isComparing ? 'Show as it stands' : 'Show what was changed'}
              </Button>
            )}
            {isOpen && draft.may_change && editableAs(value) !== null && (
              <Button
                size="compact-sm"
                variant="subtle"
                data-act="edit"
                leftSection={<Pencil size={14} aria-hidden="true" />}
                onClick={() => {
                  onEdit(true)
                }}
              >
                Edit<span className={classes.hidden}> {part.title}</span>
              </Button>
            )}
            {isOpen && state?.signed_off_by === null && (
              <Button
                size="compact-sm"
                color="ai"
                variant="light"
                className={classes.signOff}
                data-act="sign-off"
                leftSection={<Check size={14} aria-hidden="true" />}
                disabled={state.unsettled > 0 || acts.change.isPending}
                onClick={() => {
                  acts.change.mutate(
                    { part: part.place },
                    {
                      onSuccess: () => {
                        rest.onDone(1)
                      },
                    },
                  )
                }}
              >
                Sign off<span className={classes.hidden}> {part.title}</span>
              </Button>
            )}
          </div>
        )}
      </header>
      {isEdited ? (
        <PartEditor
          title={part.title}
          value={value}
          pending={acts.change.isPending}
          failure={acts.change.error === null ? null : asFailure(acts.change.error).message}
          onCancel={() => {
            acts.change.reset()
            onEdit(false)
          }}
          onSave={(changed) => {
            acts.change.mutate(
              { output: withValue(draft.output, part.place, changed) },
              {
                onSuccess: () => {
                  onEdit(false)
                },
              },
            )
          }}
        />
      ) : isComparing && isChanged ? (
        <PartChanges before={wordsOf(said)} after={wordsOf(value)} />
      ) : (
        <>
          {part.text !== undefined && part.text !== '' && (
            <PartWords
              text={part.text}
              evidence={evidence}
              findings={findings}
              tied={tied}
              {...choosing}
            />
          )}
          {part.items !== undefined && (
            <PartItems
              items={part.items}
              empty={part.empty}
              evidence={evidence}
              findings={findings}
              {...choosing}
            />
          )}
          {isHere && choosing.chosen !== null && (
            <QuoteCards evidence={choosing.chosen} given={draft.given} />
          )}
        </>
      )}
      {findings.map((finding) => (
        <FindingBox
          key={finding.number}
          finding={finding}
          isOpen={isOpen}
          pending={acts.change.isPending}
          onSettle={() => {
            acts.change.mutate(
              { settled: finding.number },
              {
                onSuccess: () => {
                  rest.onDone(0)
                },
              },
            )
          }}
        />
      ))}
    </section>
  )
}

/** Whether the chosen source was chosen in this part, so that its words are shown here. */
function isChosenHere(part: Part, chosen: Evidence | null): boolean {
  if (chosen === null) return false
  if (part.items?.some(({ place }) => place === chosen.place) === true) return true
  return sentencesOf(part.text ?? '', [chosen]).some(({ evidence }) => evidence.length > 0)
}

interface StateProps {
  state: TaskDraft['parts'][number] | undefined
  isChanged: boolean
  changedBy: string | null
}

function State({ state, isChanged, changedBy }: StateProps) {
  if (state === undefined) return null
  return (
    <span className={classes.states}>
      {isChanged && <Pill tone="brand">Changed by {changedBy ?? 'a person'}</Pill>}
      {state.signed_off_by !== null ? (
        <Pill tone="green">
          <Check size={12} aria-hidden="true" /> Signed off by {state.signed_off_by}
        </Pill>
      ) : (
        state.unsettled > 0 && <Pill tone="amber">{state.unsettled} to check</Pill>
      )}
    </span>
  )
}
