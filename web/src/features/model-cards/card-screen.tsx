import { Table } from '@mantine/core'
import { Ban, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Loaded } from '../../api/loaded'
import type { ModelCard } from '../../api/shapes'
import { Card } from '../../ui/card'
import { patientDate } from '../../ui/dates'
import { useClinic } from '../../ui/clinic-context'
import { LoadedView } from '../../ui/loaded-view'
import { Pill } from '../../ui/pill'
import { Waiting } from '../../ui/waiting'
import { engineWords, spaced, standing, unbroken } from './card-words'
import classes from './model-cards.module.css'

interface CardScreenProps {
  card: Loaded<ModelCard>
  /** The way back to where it was opened from. */
  back: ReactNode
}

/** What an AI task is, from what it was made, how well it does, and where it fails. */
export function CardScreen({ card, back }: CardScreenProps) {
  return (
    <div className={classes.screen}>
      {back}
      <LoadedView page loaded={card} subject="The card" loading={<Waiting rows={4} height={90} />}>
        {(ready) => <Ready card={ready} />}
      </LoadedView>
    </div>
  )
}

type Method = NonNullable<ModelCard['method']>

function Ready({ card }: { card: ModelCard }) {
  const { method } = card
  return (
    <>
      <header className={classes.heading}>
        <h1 className={classes.title}>{card.title}</h1>
        <p className={classes.lead}>
          <code>{card.task}</code> · version {card.version}
          {card.audience === 'patient' && ' · patients read its answers'}
          {card.is_device && ' · regulators may count it as a device: off until turned on'}
        </p>
      </header>
      <Engines card={card} />
      {method === null ? (
        <Card title="No figures of ours">
          <p className={classes.text}>{noFigures(card)}</p>
        </Card>
      ) : (
        <MethodCards method={method} />
      )}
    </>
  )
}

function noFigures(card: ModelCard): string {
  return standing(card) === 'ready'
    ? 'This machine does it by rules of ours, but nobody has written down how well on a set that can be named. Take its answers as a first look.'
    : 'Nothing on this machine does this task by rules or by a model of ours. What an engine elsewhere answers is checked against its sources and stays a draft; how well that engine does was not measured here.'
}

function Engines({ card }: { card: ModelCard }) {
  return (
    <Card title="Who can do it now">
      <ul className={classes.engines}>
        {card.engines.map((engine) => (
          <li key={engine.name}>
            {engine.available ? (
              <CircleCheck size={18} aria-hidden="true" className={classes.can} />
            ) : (
              <Ban size={18} aria-hidden="true" className={classes.cannot} />
            )}
            <span>
              <strong>{engine.name}</strong> ({engineWords(engine)}):{' '}
              {engine.available ? 'can do this' : `cannot, ${engine.reason ?? 'not available'}`}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.text}>
        {card.reads.length === 0
          ? 'It reads no record: only what is given to it.'
          : `Of one patient’s record it may read: ${card.reads.map(spaced).join(', ')}.`}
      </p>
    </Card>
  )
}

function MethodCards({ method }: { method: Method }) {
  return (
    <>
      <Card title={method.title} aside={<Pill tone="grey">{method.version}</Pill>}>
        <p className={classes.text}>{method.method}</p>
        <dl className={classes.uses}>
          <div>
            <dt>For</dt>
            <dd>{method.use}</dd>
          </div>
          <div>
            <dt>Not for</dt>
            <dd>{method.not_for}</dd>
          </div>
        </dl>
      </Card>
      <Figures method={method} />
      <Card title="Where it fails">
        <Sentences of={method.limits} />
      </Card>
      <Card title="What it was made from">
        <Sentences of={method.data} />
      </Card>
    </>
  )
}

function Figures({ method }: { method: Method }) {
  const { zone } = useClinic()
  return (
    <Card title="How well it does" aside={`Counted ${patientDate(method.measured_on, zone)}`}>
      <Table.ScrollContainer
        minWidth={560}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Figures' } }}
      >
        <Table className={classes.figures} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Figure</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>Least that is accepted</Table.Th>
              <Table.Th>Counted on</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {method.measured.map(({ figure, value, floor, counted_on }) => (
              <Table.Tr key={figure}>
                <Table.Td>{figure}</Table.Td>
                <Table.Td className={classes.value}>{unbroken(value)}</Table.Td>
                <Table.Td>{floor === '' ? 'none set' : unbroken(floor)}</Table.Td>
                <Table.Td>{counted_on}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  )
}

function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul className={classes.sentences}>
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
