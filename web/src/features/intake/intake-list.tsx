import { ClipboardCheck } from 'lucide-react'
import type { Loaded } from '../../api/loaded'
import type { FilledForm } from '../../api/shapes'
import { useClinic } from '../../ui/clinic-context'
import { staffDay, staffInstant } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { Note } from '../../ui/note'
import { fullName } from '../../ui/person-name'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { AnswerRow } from './answer-row'
import classes from './intake.module.css'

/** Answers that patients sent with their bookings: each is looked at by itself. */
export function IntakeList({ forms }: { forms: Loaded<FilledForm[]> }) {
  return (
    <div className={classes.screen}>
      <h1 className={classes.title}>Answers before visits</h1>
      <p className={classes.second}>
        What patients say of themselves. Nothing here is in a chart until somebody takes it.
      </p>
      <LoadedView loaded={forms} subject="The answers" loading={<Waiting rows={4} height={90} />}>
        {(all) =>
          all.length === 0 ? (
            <Note icon={ClipboardCheck} title="Every answer was looked at" />
          ) : (
            <ul className={classes.forms}>
              {all.map((one) => (
                <li key={one.id}>
                  <Form form={one} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
    </div>
  )
}

function Form({ form }: { form: FilledForm }) {
  const { zone } = useClinic()
  const name = fullName(form.patient)
  return (
    <article className={classes.form} aria-label={name}>
      <header className={classes.head}>
        <h2 className={classes.name}>{name}</h2>
        <Pill tone="amber">{form.waiting} to look at</Pill>
        <p className={classes.second}>
          {form.patient.birth_date !== null && `Born ${staffDay(form.patient.birth_date)} · `}
          Answered {staffInstant(form.authored, zone)}
        </p>
      </header>
      <ul>
        {form.answers.map((one) => (
          <li key={one.key}>
            <AnswerRow formId={form.id} answer={one} />
          </li>
        ))}
      </ul>
    </article>
  )
}
