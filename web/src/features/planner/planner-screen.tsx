import { Button, VisuallyHidden } from '@mantine/core'
import { Check, Link2, Printer, SlidersHorizontal, Braces } from 'lucide-react'
import { useState } from 'react'
import type { PlanAnswer } from '../../api/shapes'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { BillCard } from './bill-card'
import { ComparisonCard } from './comparison-card'
import { DiagramCard } from './diagram-card'
import { downloadJson } from './download-json'
import { FigureCards } from './figure-cards'
import { GlossaryProvider, meaningsOf } from './glossary-context'
import { GrowthCard } from './growth-card'
import { GuideCard } from './guide-card'
import { InputPanel } from './input-panel'
import { LoadCards } from './load-cards'
import { MoveCard } from './move-card'
import { NoAnswer, NothingFits } from './no-plan'
import type { PlanInputs } from './plan-inputs'
import { summaryOf } from './plan-summary'
import { money } from './plan-words'
import classes from './planner-screen.module.css'
import { Recommendation } from './recommendation'
import { SafeguardsCard } from './safeguards-card'
import { useDraft } from './use-draft'
import { useGlossary, usePlan } from './use-plan'
import { WhyCard } from './why-card'

interface PlannerScreenProps {
  /** What the address holds. */
  inputs: PlanInputs
  onInputs: (inputs: PlanInputs) => void
}

/** What to run and what it costs: inputs at the left, the answer and its reasons at the right. */
export function PlannerScreen({ inputs, onInputs }: PlannerScreenProps) {
  const [shown, change] = useDraft(inputs, onInputs)
  const [isOpen, setIsOpen] = useState(false)
  const { decision, answer, isWorking } = usePlan(inputs)
  const glossary = useGlossary()
  return (
    <GlossaryProvider meanings={meaningsOf(glossary.data ?? [])}>
      <div className={classes.screen}>
        <aside className={classes.inputs} data-open={isOpen} aria-label="Inputs">
          <Button
            className={classes.opener}
            variant="default"
            fullWidth
            justify="space-between"
            rightSection={<SlidersHorizontal size={16} aria-hidden="true" />}
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen)
            }}
          >
            {isOpen ? 'Done' : summaryOf(shown)}
          </Button>
          <div className={classes.panel}>
            <InputPanel inputs={shown} onChange={change} />
          </div>
        </aside>
        <div className={classes.answer} aria-busy={isWorking}>
          <header className={classes.head}>
            <div>
              <h1 className={classes.title}>Plan: what to run and what it costs</h1>
              <p className={classes.asked}>
                <span className={classes.summary}>{summaryOf(inputs)}</span>
                <span className={classes.working}>
                  {isWorking && <Pill tone="grey">Working…</Pill>}
                </span>
              </p>
            </div>
            <Actions answer={answer.data ?? null} />
          </header>
          {decision.error !== null || answer.error !== null ? (
            <NoAnswer failure={decision.error ?? answer.error} />
          ) : decision.data?.best === null ? (
            <NothingFits decision={decision.data} onChange={change} />
          ) : answer.data === undefined ? (
            <div role="status" aria-label="The plan is loading">
              <Waiting rows={5} height={140} />
            </div>
          ) : (
            <Answer answer={answer.data} inputs={inputs} shown={shown} onChange={change} />
          )}
        </div>
      </div>
    </GlossaryProvider>
  )
}

interface AnswerProps {
  answer: PlanAnswer
  inputs: PlanInputs
  shown: PlanInputs
  onChange: (change: Partial<PlanInputs>) => void
}

function Answer({ answer, inputs, shown, onChange }: AnswerProps) {
  const best = answer.best.architecture
  const next =
    answer.decision.runner_up?.architecture ?? (best === 'gemini' ? 'production' : 'gemini')
  return (
    <div className={classes.cards}>
      <VisuallyHidden role="status">
        {answer.best.title}, {money(answer.deployed.total)} a month
      </VisuallyHidden>
      <Recommendation answer={answer} />
      <FigureCards answer={answer} />
      <div className={classes.pair}>
        <BillCard answer={answer} />
        <div className={classes.column}>
          <div className={classes.whole}>
            <GrowthCard inputs={inputs} shown={shown} onChange={onChange} />
          </div>
          <DiagramCard answer={answer} />
        </div>
      </div>
      <LoadCards inputs={inputs} />
      <WhyCard answer={answer} inputs={inputs} />
      <ComparisonCard inputs={inputs} best={best} next={next} onChange={onChange} />
      <SafeguardsCard report={answer.report} />
      <MoveCard inputs={inputs} best={best} onChange={onChange} />
      <GuideCard answer={answer} />
      <p className={classes.foot}>{answer.age}</p>
    </div>
  )
}

function Actions({ answer }: { answer: PlanAnswer | null }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <div className={classes.actions}>
      <Button
        variant="default"
        size="xs"
        leftSection={isCopied ? <Check size={14} /> : <Link2 size={14} />}
        onClick={() => {
          void navigator.clipboard.writeText(location.href).then(() => {
            setIsCopied(true)
            setTimeout(() => {
              setIsCopied(false)
            }, 4_000)
          })
        }}
      >
        {isCopied ? 'Link copied' : 'Copy link'}
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<Braces size={14} />}
        disabled={answer === null}
        onClick={() => {
          downloadJson('careflow-plan.json', answer)
        }}
      >
        JSON
      </Button>
      <Button
        size="xs"
        leftSection={<Printer size={14} />}
        onClick={() => {
          window.print()
        }}
      >
        Print or PDF
      </Button>
    </div>
  )
}
