import type { components } from './schema'

/** The answers of the platform by the names the screens use, from the generated schema. */
type Schemas = components['schemas']

export type Account = Schemas['Account']
export type Role = Account['role']
export type DemoAccount = Schemas['DemoSignIn']
export type Clinic = Schemas['ClinicView']

export type Day = Schemas['Day']
export type Visit = Schemas['Visit']
export type VisitStatus = Visit['status']

export type PatientLine = Schemas['PatientLine']
export type Banner = Schemas['Banner']
export type Chart = Schemas['Chart']
export type Allergies = Schemas['Allergies']
export type Vital = Schemas['Vital']
export type Result = Schemas['Result']
export type Trend = Schemas['Trend']
export type Medicine = Schemas['Medicine']
export type Problem = Schemas['Problem']
export type Due = Schemas['Due']
export type ChartDocument = Schemas['ChartDocument']
export type VisitReason = Schemas['ReasonForVisit']

export type InboxDocument = Schemas['InboxDocument']
export type InboxStatus = InboxDocument['status']
export type Candidates = Schemas['CandidatesView']
export type Candidate = Schemas['Candidate']

/**
 * `[x0, y0, x1, y1]` as fractions of the upright page. The client's types widen tuples to lists, so
 * lists they are here.
 */
export type Box = number[]
type Boxed<T> = Omit<T, 'box'> & { box: Box | null }

export type Row = Boxed<Schemas['Row']>
export type Unreadable = Boxed<Schemas['Unreadable']>
export type DraftView = Omit<Schemas['DraftView'], 'rows' | 'unreadable'> & {
  rows: Row[]
  unreadable: Unreadable[]
}
export type RowStatus = Row['status']
export type RowEdit = Schemas['RowEditBody']
export type Flag = NonNullable<Result['flag']>

export type Portal = Schemas['Portal']
export type PortalReport = Schemas['PortalReport']
export type PortalResult = Schemas['PortalResult']
export type NextVisit = Schemas['NextVisit']

export type AuditLine = Schemas['AuditLine']
export type OutboxMessage = Schemas['MessageView']
export type OutboxState = OutboxMessage['state']
export type OutboxWays = Schemas['WaysView']

export type PlanAnswer = Schemas['PlanAnswerView']
export type PlanDecision = Schemas['DecisionView']
export type PlanCandidate = Schemas['CandidateView']
export type PlanLine = Schemas['LineView']
export type PlanGrowth = Schemas['LivedView']
export type PlanCurves = Schemas['CurvesView']
export type PlanDiagram = Schemas['DiagramView']
export type PlanColumn = Schemas['ColumnView']
export type PlanMigration = Schemas['MigrationView']
export type PlanReport = Schemas['ReportView']
export type Money = Schemas['MoneyView']

export type AiOversight = Schemas['OversightView']
export type AiEngine = Schemas['EngineLine']
export type AiModel = Schemas['ModelLine']
export type AiBudget = Schemas['BudgetLine']
export type AiSwitch = Schemas['SwitchLine']
export type AiRuns = Schemas['RunsLine']
export type AiUsed = Schemas['UsedLine']
export type AiReviewed = Schemas['ReviewedLine']
export type AiTask = Schemas['TaskView']
export type AiAnswer = Schemas['AnswerView']

export type Urgent = Schemas['UrgentView']
export type OwnMessage = Schemas['OwnMessage']
export type PatientMessage = Schemas['PatientMessageView']
export type MessageClass = PatientMessage['klass']
export type ChartSafety = Schemas['SafetyView']
export type Interaction = Schemas['InteractionView']
export type AllergyAlert = Schemas['AllergyAlertView']
export type ModelCard = Schemas['CardView']

export type TaskDraftLine = Schemas['TaskDraftLine']
export type TaskDraft = Schemas['TaskDraftView']
export type DraftFinding = Schemas['FindingView']
export type DraftPassage = Schemas['PassageView']
export type DraftOpinion = Schemas['ReportBody']['kind']

export type OnlineType = Schemas['VisitorTypeView']
export type OnlineQuestion = Schemas['QuestionView']
export type OnlineOpening = Schemas['VisitorOpeningView']
export type OnlineHold = Schemas['VisitorHoldView']
export type OnlineVisit = Schemas['VisitorVisitView']
export type OnlineVisitBody = Schemas['VisitorBookingBody']
export type OwnVisit = Schemas['OwnVisitView']
export type FilledForm = Schemas['FilledView']
export type FilledAnswer = FilledForm['answers'][number]
export type LinkSeen = Schemas['LinkView']
export type LinkOpening = Schemas['OpeningByLink']

export type Twin = Schemas['Twin']
export type VisitPlan = Schemas['PlanView']
export type Opening = Schemas['OpeningView']
export type MergePreview = Schemas['Preview']
export type Stranded = Schemas['StrandedView']
export type EnteredLeave = Schemas['AbsenceView']
export type WaitingEntry = Schemas['WaitingEntryView']
