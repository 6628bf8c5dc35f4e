import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { TaskDraft } from '../../api/shapes'
import { DraftFoot } from './draft-foot'
import { DraftHeading } from './draft-heading'
import { DraftPart } from './draft-part'
import classes from './draft-screen.module.css'
import { DraftSources } from './draft-sources'
import { evidenceOf, shownOf, type Evidence } from './evidence'
import { FindingBox } from './finding-box'
import { PartBeside } from './part-beside'
import type { useTaskDraft } from './use-drafts'
import { useLooks } from './use-looks'

interface DraftReviewProps {
  draft: TaskDraft
  maySign: boolean
  acts: ReturnType<typeof useTaskDraft>
}

/** What stands in the way of a single letter being a command. */
function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
  )
}

/** The sources at the left, the draft at the right; a sentence chosen in it lights its source. */
export function DraftReview({ draft, maySign, acts }: DraftReviewProps) {
  const { parts, beside } = shownOf(draft)
  const evidence = evidenceOf(draft)
  const isOpen = draft.status === 'draft' || draft.status === 'reviewed'
  const [chosen, setChosen] = useState<Evidence | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const [current, setCurrent] = useState<string | null>(
    () => draft.parts.find((part) => part.signed_off_by === null)?.place ?? null,
  )
  const panel = useRef<HTMLElement>(null)
  useLooks(draft.id, isOpen ? current : null)
  useEffect(() => {
    panel.current?.focus({ preventScroll: true })
  }, [])

  const focus = (card: HTMLElement | undefined): void => {
    card?.focus()
    card?.scrollIntoView({ block: 'nearest' })
  }
  const go = (step: -1 | 0 | 1, from?: string): void => {
    const cards = [...(panel.current?.querySelectorAll<HTMLElement>('[data-part]') ?? [])]
    const at = cards.findIndex((card) =>
      from === undefined ? card.contains(document.activeElement) : card.dataset.part === from,
    )
    focus(at < 0 ? cards[step === -1 ? cards.length - 1 : 0] : (cards[at + step] ?? cards[at]))
  }
  const press = (action: string): void => {
    const card = panel.current?.querySelector<HTMLElement>(
      `[data-part="${CSS.escape(current ?? '')}"]`,
    )
    card?.querySelector<HTMLElement>(`[data-act="${action}"]`)?.click()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const acts: Record<string, () => void> = {
      j: () => {
        go(1)
      },
      k: () => {
        go(-1)
      },
      e: () => {
        press('edit')
      },
      s: () => {
        press('sign-off')
      },
      c: () => {
        press('settle')
      },
    }
    const act = acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  const findings = draft.findings.map((finding, number) => ({ ...finding, number }))
  const elsewhere = findings.filter(({ part }) => part === null)
  return (
    <div className={classes.split}>
      <DraftSources draft={draft} evidence={evidence} chosen={chosen} />
      <section
        ref={panel}
        className={classes.panel}
        data-open={isOpen || undefined}
        tabIndex={-1}
        aria-label="The draft"
        onKeyDown={onKeyDown}
      >
        <div className={classes.scroll}>
          <DraftHeading draft={draft} isOpen={isOpen} />
          {elsewhere.length > 0 && (
            <div className={classes.elsewhere}>
              <h2 className={classes.caption}>About what was given</h2>
              {elsewhere.map((finding) => (
                <FindingBox
                  key={finding.number}
                  finding={finding}
                  isOpen={isOpen}
                  pending={acts.change.isPending}
                  onSettle={() => {
                    acts.change.mutate({ settled: finding.number })
                  }}
                />
              ))}
            </div>
          )}
          {parts.map((part) => (
            <DraftPart
              key={part.place}
              part={part}
              draft={draft}
              evidence={evidence}
              findings={findings.filter((finding) => finding.part === part.place)}
              isOpen={isOpen}
              isEdited={editing === part.place}
              chosen={chosen}
              acts={acts}
              onChoose={setChosen}
              onCurrent={() => {
                setCurrent(part.place)
              }}
              onEdit={(edited) => {
                setEditing(edited ? part.place : null)
                // What had the focus is gone with the editor.
                if (!edited) go(0, part.place)
              }}
              onDone={(step) => {
                go(step, part.place)
              }}
            />
          ))}
          {beside.map((part) => (
            <PartBeside
              key={part.place}
              part={part}
              evidence={evidence}
              chosen={chosen}
              onChoose={setChosen}
            />
          ))}
        </div>
        <DraftFoot draft={draft} maySign={maySign} isOpen={isOpen} acts={acts} />
      </section>
    </div>
  )
}
