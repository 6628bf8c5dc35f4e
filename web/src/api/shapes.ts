import type { components } from './schema'

/** The answers of the platform by the names the screens use, from the generated schema. */
type Schemas = components['schemas']

export type Account = Schemas['Account']
export type Role = Account['role']
export type DemoAccount = Schemas['DemoAccount']
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

export type DraftView = Schemas['DraftView']
export type Row = Schemas['Row']
export type RowStatus = Row['status']
export type RowEdit = Schemas['RowEditBody']
export type Unreadable = Schemas['Unreadable']
export type Box = NonNullable<Row['box']>
export type Flag = NonNullable<Result['flag']>

export type Portal = Schemas['Portal']
export type PortalReport = Schemas['PortalReport']
export type PortalResult = Schemas['PortalResult']
export type NextVisit = Schemas['NextVisit']

export type AuditLine = Schemas['AuditLine']
