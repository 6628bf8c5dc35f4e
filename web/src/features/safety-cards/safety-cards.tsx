import { Link } from '@tanstack/react-router'
import { Calculator, CircleAlert, CircleHelp, OctagonAlert, Siren } from 'lucide-react'
import { useId } from 'react'
import { loaded } from '../../api/loaded'
import type { AllergyAlert, ChartSafety, Interaction } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDate, staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { piecesOf } from '../../ui/marks'
import { namedSources } from '../../ui/named-source'
import { Pill } from '../../ui/pill'
import { ruleSourcesOf, rulesOf } from '../../ui/red-flags'
import { SourceLine } from '../../ui/source-line'
import { Waiting } from '../../ui/waiting'
import classes from './safety-cards.module.css'
import { alertKey, checkedWords, parted, severityWords, type Severity } from './severity'
import { useSafety } from './use-safety'

/** Interactions, allergies, red flags and vital signs: computed by tables and rules, no AI. */
export function SafetyCards({ patientId }: { patientId: string }) {
  return (
    <LoadedView
      loaded={loaded(useSafety(patientId))}
      subject="The check of medicines and red flags"
      loading={<Waiting rows={1} height={64} />}
    >
      {(safety) => <Checked safety={safety} />}
    </LoadedView>
  )
}

function Checked({ safety }: { safety: ChartSafety }) {
  const heading = useId()
  const { zone } = useClinic()
  const { pressing, others } = parted(safety.interactions)
  return (
    <section className={classes.safety} aria-labelledby={heading}>
      <header className={classes.header}>
        <h2 id={heading} className={classes.title}>
          Safety check
        </h2>
        <span className={classes.computed}>
          <Calculator size={14} aria-hidden="true" />
          Computed by tables and rules, {staffInstant(safety.checked_at, zone)}
        </span>
        <Link to="/cards/$task" params={{ task: 'drug-interactions' }} className={classes.about}>
          How it is checked
        </Link>
      </header>
      <RedFlags safety={safety} />
      {(safety.allergy_alerts.length > 0 || pressing.length > 0) && (
        <ul className={classes.cards} aria-label="Must be thought of">
          {safety.allergy_alerts.map((alert) => (
            <li key={alertKey(alert)}>
              <AlertCard alert={alert} />
            </li>
          ))}
          {pressing.map((one) => (
            <li key={`${one.a} ${one.b}`}>
              <InteractionCard interaction={one} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>
            {others.length === 1 ? '1 weaker interaction' : `${others.length} weaker interactions`}:{' '}
            {others.map(({ a, b }) => `${a} and ${b}`).join('; ')}
          </summary>
          <ul className={classes.cards} aria-label="Weaker interactions">
            {others.map((one) => (
              <li key={`${one.a} ${one.b}`}>
                <InteractionCard interaction={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <NotChecked unknown={safety.unknown} />
      <p className={classes.checked}>
        {checkedWords(safety)}
        {safety.medicines.length > 0 &&
          safety.interactions.length === 0 &&
          safety.allergy_alerts.length === 0 &&
          ' The tables list nothing against this combination; that is not proof that there is nothing.'}
      </p>
    </section>
  )
}

function SeverityMark({ severity }: { severity: Severity }) {
  const { label, tone, bars } = severityWords(severity)
  return (
    <span className={classes.severity} data-severity={severity}>
      <span className={classes.bars} aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} data-filled={bar <= bars || undefined} />
        ))}
      </span>
      <Pill tone={tone}>{label}</Pill>
    </span>
  )
}

function Sources({ line }: { line: string }) {
  const { zone } = useClinic()
  return (
    <ul className={classes.source} aria-label="Sources">
      {namedSources(line).map((source) => (
        <li key={source.name}>
          <SourceLine source={source} dayWords={(day) => staffDate(day, zone)} />
        </li>
      ))}
    </ul>
  )
}

function InteractionCard({ interaction }: { interaction: Interaction }) {
  const { a, b, severity, mechanism, management, source } = interaction
  return (
    <article className={classes.card} data-severity={severity}>
      <header className={classes.cardHead}>
        <h3 className={classes.cardTitle}>
          {a} <span className={classes.with}>with</span> {b}
        </h3>
        <SeverityMark severity={severity} />
      </header>
      <dl className={classes.facts}>
        <div>
          <dt>Why</dt>
          <dd>{mechanism}</dd>
        </div>
        <div>
          <dt>What to do</dt>
          <dd className={classes.act}>{management}</dd>
        </div>
      </dl>
      <Sources line={source} />
    </article>
  )
}

function AlertCard({ alert }: { alert: AllergyAlert }) {
  return (
    <article className={classes.card} data-severity="contraindicated">
      <header className={classes.cardHead}>
        <h3 className={classes.cardTitle}>
          {alert.medication} <span className={classes.with}>and the allergy to</span>{' '}
          {alert.allergy}
        </h3>
        <span className={classes.severity}>
          <OctagonAlert size={18} aria-hidden="true" className={classes.stop} />
          <Pill tone="red-filled">Allergy</Pill>
        </span>
      </header>
      <dl className={classes.facts}>
        <div>
          <dt>Why</dt>
          <dd>{alert.reason}</dd>
        </div>
      </dl>
      <Sources line={alert.source} />
    </article>
  )
}

const levelWords = {
  emergency: { label: 'Emergency', tone: 'red-filled' },
  urgent: { label: 'Urgent', tone: 'red' },
} as const

function RedFlags({ safety: { complaint, signs } }: { safety: ChartSafety }) {
  const { zone } = useClinic()
  const level = signs?.level ?? null
  return (
    <>
      {complaint !== null && (complaint.level === 'emergency' || complaint.level === 'urgent') && (
        <article className={classes.card} data-severity="contraindicated">
          <header className={classes.cardHead}>
            <h3 className={classes.cardTitle}>
              <Siren size={18} aria-hidden="true" className={classes.stop} />
              Red flag in what the patient wrote
            </h3>
            <Pill tone={levelWords[complaint.level].tone}>{levelWords[complaint.level].label}</Pill>
          </header>
          <q className={classes.words}>
            {piecesOf(complaint.words, complaint.red_flags).map((piece) =>
              piece.marked ? (
                <mark key={piece.start}>{piece.text}</mark>
              ) : (
                <span key={piece.start}>{piece.text}</span>
              ),
            )}
          </q>
          <p className={classes.source}>
            {complaint.source}.{' '}
            {complaint.red_flags.length === 0
              ? 'Several signs together.'
              : `Rules: ${rulesOf(complaint.red_flags).join(', ')}. From: ${ruleSourcesOf(complaint.red_flags).join('; ')}.`}
          </p>
        </article>
      )}
      {signs !== null && level !== null && (
        <article className={classes.card} data-severity="contraindicated">
          <header className={classes.cardHead}>
            <h3 className={classes.cardTitle}>
              <CircleAlert size={18} aria-hidden="true" className={classes.stop} />
              Vital signs: {signs.worst ?? 'several'}
            </h3>
            <Pill tone={levelWords[level].tone}>{levelWords[level].label}</Pill>
          </header>
          <dl className={classes.facts}>
            {signs.score !== null && (
              <div>
                <dt>NEWS2</dt>
                <dd>
                  {signs.score} of {signs.measured.join(', ').toLocaleLowerCase()}
                </dd>
              </div>
            )}
            <div>
              <dt>Measured</dt>
              <dd>{staffInstant(signs.taken_at, zone)}, the oldest of them</dd>
            </div>
          </dl>
          <p className={classes.source}>{signs.source}</p>
        </article>
      )}
      {signs !== null && signs.odd.length > 0 && (
        <p className={classes.notChecked}>
          <CircleHelp size={16} aria-hidden="true" />
          <span>Not counted, because nobody has such a value: {signs.odd.join(', ')}</span>
        </p>
      )}
    </>
  )
}

function NotChecked({ unknown }: { unknown: readonly string[] }) {
  if (unknown.length === 0) return null
  return (
    <p className={classes.notChecked} role="note">
      <CircleHelp size={16} aria-hidden="true" />
      <span>
        <strong>Not checked:</strong> unknown to the tables: {unknown.join(', ')}
      </span>
    </p>
  )
}
