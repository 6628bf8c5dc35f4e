/** Reads an answer's JSON, whose form is its task's: what is not as expected is left out. */

import { spanOf, spansOf, type Span } from './marks'

type Json = Record<string, unknown>

/** One line of an answer. */
export interface Item {
  /** Where it stands in the answer, `codes[0]`, as findings name places. */
  place: string
  title: string
  /** A word or figure at its right. */
  mark?: string | undefined
  tone?: 'red' | 'amber' | 'green' | 'grey' | undefined
  text?: string | undefined
  source?: string | undefined
  spans: Span[]
}

/** A part of an answer with a heading. */
export interface Part {
  place: string
  title: string
  text?: string
  items?: Item[]
  /** Said where there are no items. */
  empty?: string
  tone?: 'red'
}

function textIn(data: Json, name: string): string {
  const found = data[name]
  if (typeof found === 'string') return found
  return typeof found === 'number' ? String(found) : ''
}

function maybe(data: Json, name: string): string | undefined {
  const found = textIn(data, name)
  return found === '' ? undefined : found
}

function listIn(data: Json, name: string): Json[] {
  const found = data[name]
  return Array.isArray(found)
    ? found.filter((one): one is Json => typeof one === 'object' && one !== null)
    : []
}

function textsIn(data: Json, name: string): string[] {
  const found = data[name]
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : []
}

function percent(score: unknown): string | undefined {
  return typeof score === 'number' ? `${Math.round(score * 100)} %` : undefined
}

function wordOf(name: string): string {
  const words = name.replaceAll(/[-_]/g, ' ')
  return words.charAt(0).toLocaleUpperCase() + words.slice(1)
}

function sentences(data: Json, name: string, title: string, empty?: string): Part {
  return {
    place: name,
    title,
    items: textsIn(data, name).map((text, at) => ({
      place: `${name}[${at}]`,
      title: text,
      spans: [],
    })),
    ...(empty === undefined ? {} : { empty }),
  }
}

function said(data: Json, name: string, title: string): Part {
  return { place: name, title, text: textIn(data, name) }
}

function items(
  data: Json,
  name: string,
  title: string,
  empty: string,
  item: (one: Json) => Omit<Item, 'place'>,
): Part {
  return {
    place: name,
    title,
    empty,
    items: listIn(data, name).map((one, at) => ({ place: `${name}[${at}]`, ...item(one) })),
  }
}

const severityTone: Record<string, Item['tone']> = {
  contraindicated: 'red',
  major: 'red',
  moderate: 'amber',
  minor: 'grey',
  emergency: 'red',
  urgent: 'amber',
  HIGH: 'red',
  LOW: 'red',
  CRITICAL_HIGH: 'red',
  CRITICAL_LOW: 'red',
  ABNORMAL: 'red',
  NORMAL: 'green',
  positive: 'amber',
  negative: 'green',
}

const flagWords: Record<string, string> = {
  HIGH: '▲ High',
  LOW: '▼ Low',
  CRITICAL_HIGH: '▲ Critically high',
  CRITICAL_LOW: '▼ Critically low',
  ABNORMAL: 'Abnormal',
  NORMAL: 'In range',
}

function rowItem(row: Json): Omit<Item, 'place'> {
  const flag = textIn(row, 'flag')
  const low = maybe(row, 'low')
  const high = maybe(row, 'high')
  const range =
    maybe(row, 'range_text') ??
    (low !== undefined && high !== undefined ? `${low}–${high}` : (low ?? high))
  return {
    title: [textIn(row, 'test'), textIn(row, 'value'), textIn(row, 'unit')]
      .filter((part) => part !== '')
      .join(' '),
    mark: flagWords[flag] ?? maybe(row, 'flag'),
    tone: severityTone[flag],
    text: [range === undefined ? 'No range printed' : `Range ${range}`, maybe(row, 'problem')]
      .filter((part) => part !== undefined)
      .join(' · '),
    source: maybe(row, 'loinc') === undefined ? undefined : `LOINC ${textIn(row, 'loinc')}`,
    spans: [],
  }
}

function rows(data: Json): Part {
  return items(data, 'rows', 'Results', 'No result was found.', rowItem)
}

function citations(data: Json): Part {
  return items(data, 'citations', 'Rests on', 'Nothing is cited.', (one) => ({
    title: textIn(one, 'text'),
    source: maybe(one, 'source'),
    spans: [],
  }))
}

function answered(data: Json): Part[] {
  const escalation = textIn(data, 'escalation')
  return [
    ...(escalation === ''
      ? []
      : [
          {
            place: 'escalation',
            title: 'A person must take over',
            text: escalation,
            tone: 'red' as const,
          },
        ]),
    said(data, 'answer', 'Answer'),
    citations(data),
  ]
}

function sectionsOf(data: Json): Part[] {
  const sections = (data.sections ?? {}) as Json
  return Object.keys(sections).map((name) => ({
    place: `sections.${name}`,
    title: wordOf(name),
    text: textIn(sections, name),
  }))
}

function medicineItem(one: Json): Omit<Item, 'place'> {
  const parts = ['dose', 'unit', 'route', 'frequency', 'duration']
  return {
    title: textIn(one, 'drug'),
    mark: one.as_needed === true ? 'As needed' : undefined,
    text: parts
      .map((name) => textIn(one, name))
      .filter((part) => part !== '')
      .join(' '),
    spans: spansOf(one.spans),
  }
}

const readers: Record<string, (data: Json) => Part[]> = {
  'lab-results': (data) => [said(data, 'explanation', 'In short'), rows(data)],
  'document-analysis': (data) => [
    said(data, 'summary', 'In short'),
    sentences(data, 'findings', 'What stands out', 'Nothing stands out.'),
    rows(data),
    items(data, 'spans', 'Rests on', 'No line was named.', (one) => ({
      title: textIn(one, 'text'),
      spans: spansOf([[one.start, one.end]]),
    })),
  ],
  'symptom-analysis': (data) => [
    {
      ...items(data, 'red_flags', 'Red flags', 'No red flag was found.', (one) => ({
        title: textIn(one, 'phrase'),
        text: textIn(one, 'rule'),
        tone: 'red',
        spans: spansOf([one.span]),
      })),
      ...(listIn(data, 'red_flags').length > 0 ? { tone: 'red' as const } : {}),
    },
    {
      place: 'level',
      title: 'How soon',
      ...(data.level === 'emergency' ? { tone: 'red' as const } : {}),
      items: [
        {
          place: 'level',
          title: wordOf(textIn(data, 'level')),
          spans: [],
        },
      ],
    },
    said(data, 'advice', 'Advice'),
    sentences(data, 'questions', 'To ask next'),
  ],
  'drug-interactions': (data) => [
    items(
      data,
      'allergy_alerts',
      'Allergy alerts',
      'None of the medicines matches a named allergy.',
      (one) => ({
        title: `${textIn(one, 'medication')} and allergy to ${textIn(one, 'allergy')}`,
        mark: 'Allergy',
        tone: 'red',
        text: textIn(one, 'reason'),
        source: maybe(one, 'source'),
        spans: [],
      }),
    ),
    items(data, 'interactions', 'Interactions', 'No interaction was found.', (one) => ({
      title: `${textIn(one, 'a')} and ${textIn(one, 'b')}`,
      mark: wordOf(textIn(one, 'severity')),
      tone: severityTone[textIn(one, 'severity')],
      text: [textIn(one, 'mechanism'), textIn(one, 'management')].filter((t) => t !== '').join(' '),
      source: maybe(one, 'source'),
      spans: [],
    })),
    sentences(data, 'unknown', 'Not known to any table, so not checked'),
  ],
  'medical-coding': (data) => [
    items(data, 'codes', 'Suggested codes', 'No code is supported by the note.', (one) => ({
      title: `${textIn(one, 'code')} ${textIn(one, 'display')}`,
      mark: percent(one.score),
      spans: spansOf(one.evidence),
    })),
  ],
  'radiology-report': (data) => [
    { ...sentences(data, 'critical', 'Someone must be told at once'), tone: 'red' },
    said(data, 'impression', 'Impression'),
    items(data, 'findings', 'Findings', 'No finding was read.', (one) => ({
      title: textIn(one, 'name'),
      mark: wordOf(textIn(one, 'status')),
      tone: severityTone[textIn(one, 'status')],
      spans: spansOf([one.span]),
    })),
  ],
  prescription: (data) => [
    { ...sentences(data, 'problems', 'Problems'), tone: 'red' },
    items(data, 'medications', 'Medicines', 'No medicine was read.', medicineItem),
  ],
  'appointment-summary': (data) => [
    ...sectionsOf(data),
    items(data, 'claims', 'Where it was said', 'No sentence was tied to its source.', (one) => ({
      title: textIn(one, 'text'),
      spans: spansOf(one.spans),
    })),
  ],
  'patient-chat': answered,
  'health-tutor': answered,
  'decision-support': (data) => [
    items(data, 'cards', 'To consider', 'The chart suggests nothing.', (one) => ({
      title: textIn(one, 'summary'),
      text: [textIn(one, 'detail'), textIn(one, 'suggestion')].filter((t) => t !== '').join(' '),
      source: maybe(one, 'source'),
      spans: [],
    })),
  ],
  'treatment-plan': (data) => [
    sentences(data, 'goals', 'Goals', 'No goal is given.'),
    sentences(data, 'activities', 'What to do', 'Nothing is given.'),
    sentences(data, 'monitoring', 'What to watch', 'Nothing is given.'),
    sentences(data, 'open_questions', 'What the chart does not answer'),
  ],
  'health-risk': (data) => [
    items(data, 'scores', 'Scores', 'No score could be computed.', (one) => ({
      title: textIn(one, 'calculator'),
      mark:
        one.value === null
          ? 'Not computed'
          : `${textIn(one, 'value')} ${textIn(one, 'unit')}`.trim(),
      text: [
        textIn(one, 'category'),
        ...(textsIn(one, 'missing').length > 0
          ? [`Missing: ${textsIn(one, 'missing').join(', ')}`]
          : []),
      ]
        .filter((t) => t !== '')
        .join(' · '),
      source: maybe(one, 'source'),
      spans: [],
    })),
  ],
  'literature-search': (data) => [
    said(data, 'answer', 'Answer'),
    citations(data),
    items(data, 'hits', 'Passages', 'No passage bears on the question.', (one) => ({
      title: textIn(one, 'title'),
      mark: percent(one.score),
      text: textIn(one, 'passage'),
      source: maybe(one, 'id'),
      spans: [],
    })),
  ],
  translation: (data) => {
    const checks = (data.checks ?? {}) as Json
    return [
      said(data, 'text', 'Translation'),
      said(data, 'back_translation', 'Translated back'),
      {
        place: 'checks',
        title: 'The same on both sides',
        items: Object.keys(checks).map((name) => ({
          place: `checks.${name}`,
          title: wordOf(name),
          mark: checks[name] === true ? 'The same' : 'Look at it',
          tone: checks[name] === true ? 'green' : 'amber',
          spans: [],
        })),
      },
    ]
  },
  'text-classification': (data) => [
    {
      place: 'label',
      title: 'Class',
      items: Object.entries((data.scores ?? {}) as Json)
        .sort((a, b) => Number(b[1]) - Number(a[1]))
        .map(([label, score]) => ({
          place: `scores.${label}`,
          title: label,
          mark: percent(score),
          tone: label === data.label ? 'green' : undefined,
          spans: [],
        })),
    },
  ],
  sentiment: (data) => [
    {
      place: 'label',
      title: 'How the text feels',
      items: [
        {
          place: 'label',
          title: wordOf(textIn(data, 'label')),
          mark: textIn(data, 'score'),
          spans: [],
        },
      ],
    },
  ],
  entities: (data) => [
    items(data, 'entities', 'Named things', 'Nothing was found.', (one) => ({
      title: textIn(one, 'text'),
      mark:
        one.negated === true
          ? `${wordOf(textIn(one, 'type'))}, denied`
          : wordOf(textIn(one, 'type')),
      spans: spanOf(one.span) === undefined ? [] : spansOf([one.span]),
    })),
  ],
}

/** A field of an answer whose form no reader knows: words, a list of words, or a list of things. */
function plainPart(name: string, value: unknown): Part {
  const title = wordOf(name)
  if (!Array.isArray(value))
    return {
      place: name,
      title,
      text: typeof value === 'string' ? value : JSON.stringify(value),
    }
  return {
    place: name,
    title,
    empty: 'Nothing is given.',
    items: (value as unknown[]).map((one, at) => ({
      place: `${name}[${at}]`,
      title:
        typeof one === 'object' && one !== null
          ? Object.values(one as Json)
              .filter((part) => typeof part === 'string' || typeof part === 'number')
              .join(' · ')
          : String(one),
      spans: [],
    })),
  }
}

function plainParts(data: Json): Part[] {
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => plainPart(name, value))
}

/** An answer in parts, what must not be overlooked first; empty parts without a word are left out. */
export function partsOf(task: string, output: Record<string, unknown>): Part[] {
  const parts = (readers[task] ?? plainParts)(output)
  return parts.filter(
    ({ text, items: there, empty }) =>
      (text ?? '') !== '' || (there ?? []).length > 0 || empty !== undefined,
  )
}
