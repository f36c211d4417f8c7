/** Names for the shapes of the server's API. All come from the generated file; what stands here
 *  beside them is what the API's description leaves open: the stream and the error body. */
import type { components } from './generated/api'

type Schemas = components['schemas']

export type Lang = 'zh-CN' | 'en'
export type Names = Schemas['Names']

/** Open sets: a newer server may send codes that this screen does not know and shows as they are. */
export type CaseState = string
export type Act = string

export type Limit = Schemas['LimitOut']
export type CaseClock = Schemas['Clock']
export type Assignee = Schemas['Assignee']
export type CaseRow = Schemas['CaseRow']
export type MapAnswer = Schemas['MapOut']
export type Me = Schemas['Me']
export type DemoTime = Schemas['DemoTime']
export type DemoTimeChange = Partial<Schemas['DemoTimeIn']>
/** What one person is told: information, or an alert that climbs until somebody takes it. */
export type Notice = Schemas['NoticeOut']
export type NoticeHow = NonNullable<Schemas['AcknowledgeIn']['how']>
export type Photo = Schemas['Photo']
export type Report = Schemas['ReportShown']
export type Task = Schemas['TaskShown']
export type TimelineEntry = Schemas['Moment']
export type OfferedAct = Schemas['ActOffered']
export type Kin = Schemas['Kin']
export type StageClock = Schemas['StageClock']
export type CaseRequest = Schemas['Request']
export type Standard = Schemas['Standard']
export type Revealed = Schemas['Revealed']
export type Settled = Schemas['SettledIn']
/** A line of the duty list: whose work a class is at a place. */
export type DutyLine = Schemas['DutyLineOut']
export type CaseDetail = Omit<Schemas['CaseDetail'], 'duty_lines'> & { duty_lines: DutyLine[] }
export type Candidate = Schemas['Candidate']
export type CaseClass = Schemas['ClassOut']
export type Area = Schemas['AreaOut']
export type MyTask = Schemas['MyTask']
export type Approvals = Schemas['Approvals']
export type Approval = Schemas['Approval']
export type CrewsNow = Schemas['CrewsNow']
export type CrewNow = Schemas['CrewNow']
export type Deputies = Schemas['Deputies']
export type UnitTasks = Schemas['UnitTasks']
export type UnitTaskRow = Schemas['UnitTaskRow']
export type EndedTasks = Schemas['EndedTasks']
export type SheetTaken = Schemas['SheetTaken']
export type NewReport = Schemas['ReportIn']
export type Source = NonNullable<NewReport['source']>
export type ActResult = Schemas['ActOut']
export type ReportResult = Schemas['ReportOut']
export type CasePage = Schemas['Page']
export type Counts = Schemas['Counts']

/** What any act may send; which fields one takes is said by its `needs` and `takes`. */
export interface ActBody {
  expected_version: number
  class?: Schemas['ClassKey'] | null
  standard_id?: string
  reason?: string
  note?: string
  reply?: string
  photos?: string[]
  photos_before?: string[]
  case_id?: string
  assignee?: Schemas['AssigneeIn']
  task_id?: string
  request_id?: string
  duty_line_id?: string
  until?: string
  limit?: Schemas['LimitIn']
  found?: boolean
  means?: Means
}
export type Means = 'look' | 'video' | 'call'
export type Said = Omit<ActBody, 'expected_version'>

/** A photo that has been sent and waits to be attached. */
export interface StoredFile { id: string }
/** The same with a picture of it: the server shows a file only once it belongs to a case. */
export interface SentPhoto extends StoredFile { preview: string }

/** Figures that the server counts: every open state and the tabs that cut across them. */
export type CountKey =
  | 'verifying' | 'reported' | 'filed' | 'dispatched' | 'handling' | 'suspended' | 'to_check' | 'to_reply' | 'elsewhere' | 'to_close'
  | 'overdue' | 'supervised' | 'assigned' | 'urged' | 'hotline' | 'approvals'
export type Tab = CountKey | 'open' | 'settled' | 'closed' | 'all'

/** One event of the live stream. */
export interface CaseEvent {
  position: number
  act: string
  actor_name: string
  recorded_at: string
  from_state: CaseState | null
  to_state: CaseState | null
  case: CaseRow
}

/** RFC 9457 answer of a refused request. */
export interface ProblemBody {
  title?: string
  status: number
  detail?: string
  code?: string
  params?: Record<string, unknown>
  errors?: { field: string; code: string; message: string }[]
}
