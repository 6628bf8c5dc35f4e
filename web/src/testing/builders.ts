import type {
  Chart,
  Clinic,
  DraftView,
  InboxDocument,
  PatientLine,
  PortalResult,
  Result,
  Row,
  TaskDraft,
  TaskDraftLine,
  Trend,
} from '../api/shapes'

/** Valid by default; a test states the one difference it is about. */
export function aClinic(changes: Partial<Clinic> = {}): Clinic {
  return {
    name: 'Harbour',
    zone: 'America/New_York',
    now: '2026-11-23T09:24:00-05:00',
    synthetic: true,
    demo_accounts: [],
    ...changes,
  }
}

/** Amara Okafor. */
export function aPatient(changes: Partial<PatientLine> = {}): PatientLine {
  return {
    id: 'p1',
    family: 'Okafor',
    given: 'Amara',
    prefix: 'Ms',
    birth_date: '1968-03-14',
    sex: 'female',
    record_number: 'CF-104213',
    ...changes,
  }
}

/** A potassium in range. */
export function aResult(changes: Partial<Result> = {}): Result {
  return {
    observation_id: 'o1',
    code: '2823-3',
    name: 'Potassium',
    value: 4.4,
    value_text: '4.4',
    unit: 'mmol/L',
    low: 3.5,
    high: 5.1,
    range_text: '3.5–5.1',
    flag: 'NORMAL',
    collected_at: '2026-11-20T08:10:00-05:00',
    report_id: 'r1',
    source: 'Harbor Reference Laboratory',
    ...changes,
  }
}

/** Three HbA1c values, coming down towards the target. */
export function aTrend(changes: Partial<Trend> = {}): Trend {
  return {
    code: '4548-4',
    name: 'HbA1c',
    unit: '%',
    low: null,
    high: 7,
    events: [],
    change_text: null,
    left_out: 0,
    points: ['8.9', '8.0', '7.3'].map((text, at) => ({
      at: `2026-0${at * 3 + 1}-20T08:00:00-05:00`,
      value: Number(text),
      value_text: text,
      flag: 'HIGH',
      observation_id: `h${at}`,
    })),
    ...changes,
  }
}

/** A chart with nothing in it but a name. */
export function aChart(changes: Partial<Chart> = {}): Chart {
  return {
    patient: {
      ...aPatient(),
      prefix: 'Ms',
      birth_date: '1968-03-14',
      sex: 'female',
      record_number: 'CF-104213',
      age_text: '58 y',
      language: null,
      interpreter_needed: false,
      phone: null,
    },
    allergies: { state: 'not-recorded', items: [] },
    vitals: [],
    results: [],
    trends: [],
    medicines: [],
    problems: [],
    due: [],
    documents: [],
    reason_for_visit: null,
    ...changes,
  }
}

/** A row as read, which nobody has looked at and nothing is wrong with. */
export function aRow(changes: Partial<Row> = {}): Row {
  return {
    index: 0,
    test: 'Potassium',
    loinc: '2823-3',
    loinc_name: 'Potassium',
    value: '4.4',
    unit: 'mmol/L',
    low: '3.5',
    high: '5.1',
    range_text: '3.5–5.1',
    flag: 'NORMAL',
    critical: false,
    page: 1,
    box: [0.1, 0.2, 0.9, 0.24],
    confidence: 0.98,
    text: 'Potassium 4.4 mmol/L 3.5-5.1',
    status: 'to-check',
    problem: null,
    previous: null,
    read_as: null,
    number: 4.4,
    must_check: false,
    must_change: false,
    analyte: null,
    ...changes,
  }
}

/** An unsigned draft of one report. */
export function aDraft(changes: Partial<DraftView> = {}): DraftView {
  return {
    id: 'dr1',
    task: 'lab-results',
    status: 'draft',
    engine: 'local',
    model: 'lab-rows 1',
    prompt_version: '1',
    created_at: '2026-11-23T08:06:00-05:00',
    document_id: 'd1',
    patient: aPatient(),
    version: 1,
    rows: [aRow()],
    unreadable: [],
    report: {
      lab: 'Harbor Reference Laboratory',
      collected_at: '2026-11-20',
      issued_at: null,
      name: null,
      birth_date: null,
      record_number: null,
    },
    explanation: null,
    signed_by: null,
    signed_at: null,
    must_check: 0,
    critical: false,
    identity_problem: null,
    blocked_by: [],
    notice: 'Check every value against the page.',
    ...changes,
  }
}

/** A document that was read and waits for review. */
export function aDocument(changes: Partial<InboxDocument> = {}): InboxDocument {
  return {
    id: 'd1',
    filename: 'report.pdf',
    media_type: 'application/pdf',
    size: 1200,
    received_at: '2026-11-23T08:05:00-05:00',
    received_by: 'Nia Patel',
    status: 'to-review',
    patient: aPatient(),
    pages: 1,
    draft_id: 'dr1',
    job_id: null,
    duplicate_of: null,
    note: null,
    critical: false,
    must_check: 0,
    ...changes,
  }
}

/** A result as the portal explains it. */
export function aPortalResult(changes: Partial<PortalResult> = {}): PortalResult {
  return {
    code: '2823-3',
    name: 'Potassium',
    plain_name: 'Potassium',
    what_it_is: 'A salt in your blood.',
    value: 4.4,
    value_text: '4.4',
    unit: 'mmol/L',
    low: 3.5,
    high: 5.1,
    range_text: '3.5–5.1',
    flag: 'NORMAL',
    flag_words: 'In the usual range',
    advice: null,
    trend: [],
    ...changes,
  }
}

/** A draft in the list of drafts. */
export function aDraftLine(changes: Partial<TaskDraftLine> = {}): TaskDraftLine {
  return {
    id: 'td1',
    task: 'appointment-summary',
    title: 'Draft a note of a visit',
    status: 'draft',
    urgency: 'usual',
    patient: aPatient(),
    created_at: '2026-11-23T08:05:00-05:00',
    engine: 'gemini',
    unsettled: 0,
    parts: 2,
    signed_off: 0,
    reviewed_by: null,
    reviewed_at: null,
    ...changes,
  }
}

/** A note of a visit under review: two parts, each with its claim. */
export function aTaskDraft(changes: Partial<TaskDraft> = {}): TaskDraft {
  const part = { unsettled: 0, signed_off_by: null, signed_off_at: null }
  return {
    id: 'td1',
    task: 'appointment-summary',
    title: 'Draft a note of a visit',
    status: 'draft',
    urgency: 'usual',
    version: 1,
    patient: aPatient(),
    created_at: '2026-11-23T08:05:00-05:00',
    engine: 'gemini',
    model: 'a-model',
    prompt: 'appointment-summary/3f9a',
    sources: [],
    redacted: { NAME: 2 },
    left_out: [],
    notice: null,
    given: [{ source: 'text', text: 'I have had a cough for 3 days, but no fever at all.' }],
    output: {
      sections: { subjective: 'Cough for 3 days. No fever.', plan: 'Rest and drink.' },
      claims: [
        { text: 'Cough for 3 days', spans: [[13, 29]] },
        { text: 'No fever', spans: [[35, 43]] },
      ],
    },
    said: null,
    changed_by: null,
    findings: [],
    parts: [
      { place: 'sections.subjective', ...part },
      { place: 'sections.plan', ...part },
    ],
    left: 'not signed off: subjective, plan',
    open_s: 0,
    reviewed_by: null,
    reviewed_at: null,
    why_rejected: null,
    becomes: 'Note',
    may_change: true,
    ...changes,
  }
}
