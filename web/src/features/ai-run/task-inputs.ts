/** What each task asks a person for, and how that becomes what the platform takes. */

/** One thing to fill in. */
export interface Field {
  name: string
  label: string
  hint?: string
  kind: 'text' | 'line' | 'lines' | 'number' | 'choice' | 'patient'
  choices?: readonly { value: string; label: string }[]
  first?: string
  optional?: boolean
}

/** A file that a task takes, instead of what is typed or as the only thing. */
export interface FileAsked {
  label: string
  accept: string
  hint: string
}

export interface TaskForm {
  file?: FileAsked
  fields: readonly Field[]
  /** The field whose text the answer's places count in. */
  source?: string
  /** Builds the input from what was typed; nothing typed is not sent. */
  input: (typed: Typed) => Record<string, unknown>
}

export type Typed = Readonly<Record<string, string>>

const languages = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Spanish' },
  { value: 'fr', label: 'French' },
  { value: 'pt', label: 'Portuguese' },
  { value: 'zh', label: 'Chinese' },
  { value: 'vi', label: 'Vietnamese' },
]

function filled(typed: Typed, name: string): string | undefined {
  const text = typed[name]?.trim() ?? ''
  return text === '' ? undefined : text
}

function lines(typed: Typed, name: string): string[] {
  return (typed[name] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function given(parts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
}

function textForm(label: string, hint?: string): TaskForm {
  return {
    fields: [{ name: 'text', label, kind: 'text', ...(hint === undefined ? {} : { hint }) }],
    source: 'text',
    // Places in the answer count in the text exactly as it was sent, so nothing is trimmed.
    input: (typed) => ({ text: typed.text ?? '' }),
  }
}

const patientForm: TaskForm = {
  fields: [{ name: 'patient', label: 'Patient', kind: 'patient' }],
  input: (typed) => given({ patient: filled(typed, 'patient') }),
}

const paper: FileAsked = {
  label: 'Or a file',
  accept: '.pdf,.png,.jpg,.jpeg,.tif,.tiff,.txt',
  hint: 'PDF, picture or text, up to 20 MB. It is read once and not kept.',
}

function fileForm(label: string, accept: string, hint: string): TaskForm {
  return { file: { label, accept, hint }, fields: [], input: () => ({}) }
}

const forms: Record<string, TaskForm> = {
  'document-analysis': { ...textForm('Text of the document'), file: paper },
  'lab-results': {
    ...textForm('Text of the report', 'One result a line. To file a report, use the inbox.'),
    file: paper,
  },
  prescription: { ...textForm('Text of the prescription'), file: paper },
  'image-analysis': fileForm(
    'Picture',
    '.png,.jpg,.jpeg,.tif,.tiff,.dcm',
    'Up to 20 MB, not kept.',
  ),
  'audio-transcription': fileForm(
    'Recording',
    '.mp3,.m4a,.wav,.ogg,.flac',
    'Up to 20 MB, not kept. Everyone who speaks must have agreed.',
  ),
  'video-analysis': fileForm('Film', '.mp4,.webm', 'Up to 20 MB, not kept.'),
  'medical-coding': textForm('Note', 'Codes are ICD-10-CM.'),
  'radiology-report': textForm('Report'),
  sentiment: textForm('Text'),
  entities: textForm('Text'),
  'appointment-summary': {
    fields: [{ name: 'dialogue', label: 'What was said in the visit', kind: 'text' }],
    source: 'dialogue',
    input: (typed) => ({ dialogue: typed.dialogue ?? '' }),
  },
  'drug-interactions': {
    fields: [
      { name: 'medications', label: 'Medicines', hint: 'One a line', kind: 'lines' },
      {
        name: 'allergies',
        label: 'Allergies',
        hint: 'One a line, or empty',
        kind: 'lines',
        optional: true,
      },
    ],
    input: (typed) => ({
      medications: lines(typed, 'medications'),
      allergies: lines(typed, 'allergies'),
    }),
  },
  'health-risk': patientForm,
  'decision-support': patientForm,
  'treatment-plan': patientForm,
  'symptom-analysis': {
    fields: [
      { name: 'text', label: 'What the person says is wrong', kind: 'text' },
      { name: 'age', label: 'Age in years', kind: 'number', optional: true },
      {
        name: 'sex',
        label: 'Sex',
        kind: 'choice',
        optional: true,
        choices: [
          { value: 'female', label: 'Female' },
          { value: 'male', label: 'Male' },
        ],
      },
    ],
    source: 'text',
    input: (typed) => {
      const age = filled(typed, 'age')
      return given({
        text: typed.text ?? '',
        age: age === undefined ? undefined : Number(age),
        sex: filled(typed, 'sex'),
      })
    },
  },
  'text-classification': {
    fields: [
      { name: 'text', label: 'Text', kind: 'text' },
      {
        name: 'labels',
        label: 'Labels to choose from',
        hint: 'One a line; empty means the classes of a message to the clinic',
        kind: 'lines',
        optional: true,
      },
    ],
    source: 'text',
    input: (typed) => {
      const labels = lines(typed, 'labels')
      return given({ text: typed.text ?? '', labels: labels.length === 0 ? undefined : labels })
    },
  },
  translation: {
    fields: [
      { name: 'text', label: 'Text', kind: 'text' },
      { name: 'source', label: 'From', kind: 'choice', choices: languages, first: 'en' },
      { name: 'target', label: 'Into', kind: 'choice', choices: languages, first: 'es' },
    ],
    input: (typed) => ({ text: typed.text ?? '', source: typed.source, target: typed.target }),
  },
  'patient-chat': {
    fields: [
      { name: 'question', label: 'The patient’s question', kind: 'text' },
      { name: 'patient', label: 'Patient', kind: 'patient', optional: true },
    ],
    input: (typed) =>
      given({
        messages: [{ role: 'patient', text: typed.question ?? '' }],
        patient: filled(typed, 'patient'),
      }),
  },
  'health-tutor': {
    fields: [
      { name: 'term', label: 'Term to explain', kind: 'line' },
      {
        name: 'level',
        label: 'How plainly',
        kind: 'choice',
        first: 'plain',
        choices: [
          { value: 'plain', label: 'In plain words' },
          { value: 'detailed', label: 'In detail' },
        ],
      },
      { name: 'language', label: 'Language', kind: 'choice', choices: languages, first: 'en' },
    ],
    input: (typed) => ({ term: typed.term ?? '', level: typed.level, language: typed.language }),
  },
  'literature-search': {
    fields: [{ name: 'question', label: 'Question', kind: 'text' }],
    input: (typed) => ({ question: typed.question ?? '' }),
  },
}

/** What a task asks for; nothing where it takes what cannot be typed, such as a picture. */
export function formOf(task: string): TaskForm | undefined {
  return forms[task]
}

/** What stands in the fields before anything is typed. */
export function firstTyped(form: TaskForm): Typed {
  return Object.fromEntries(form.fields.map(({ name, first }) => [name, first ?? '']))
}

/** The fields that still have to be filled in. */
export function missingIn(form: TaskForm, typed: Typed): Field[] {
  return form.fields.filter(
    ({ name, optional }) => optional !== true && filled(typed, name) === undefined,
  )
}
