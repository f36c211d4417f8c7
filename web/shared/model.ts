/** The shapes that the server answers with. Times are ISO 8601 with offset, ids UUID strings. */

export type Lang = 'zh-CN' | 'en'
export interface Names { zh: string; en: string }

export type CaseState =
  | 'reported' | 'filed' | 'dispatched' | 'handling' | 'to_check' | 'to_close'
  | 'closed' | 'rejected' | 'joined'

export type Act =
  | 'file' | 'reject' | 'join' | 'dispatch' | 'told_by_radio' | 'accept' | 'report_back'
  | 'send_back' | 'check_pass' | 'check_fail' | 'close'

export type Need = 'assignee' | 'photo' | 'reason' | 'note' | 'case' | 'class'

export interface Limit { value: number; unit: string }
export interface CaseClock {
  started_at: string | null
  due_at: string | null
  stopped_at: string | null
  limit: Limit | null
}
export interface Assignee { kind: 'crew' | 'unit'; id: string; name: Names }
export interface AreaRef { code: string; zh: string; en: string }

/** What the map needs of an open case. */
export interface MapCase {
  id: string
  number: string | null
  state: CaseState
  code: string
  kind: 'event' | 'part'
  class_name: Names
  lon: number | null
  lat: number | null
  clock: CaseClock | null
  changed_at: string
  assignee: Assignee | null
}

export interface CaseRow extends MapCase {
  version: number
  address: string
  area: AreaRef | null
  place: string
  place_name: Names
  place_known: boolean
  source: string
  origin: 'live' | 'demo' | 'replay' | 'import'
  reported_at: string
  position: number
  told_by_radio_at: string | null
  photo_count: number
  report_count: number
}

export interface Me {
  user: { id: string; username: string; name: string }
  roles: { role: string; place: string; place_name: Names }[]
  district: { code: string; name: Names; demo: boolean; timezone: string }
  duty: { date: string; shift: string; label: Names }
  crew: { id: string; name: Names } | null
  may: string[]
  position: number
}

export type CountKey = 'reported' | 'filed' | 'dispatched' | 'handling' | 'to_check' | 'to_close' | 'overdue'
export type Tab = CountKey | 'open'
export interface Counts { counts: Record<CountKey, number>; capped_at: number; position: number }

export interface CasePage { items: CaseRow[]; next: string | null; position: number }

export interface Photo {
  id: string
  url: string
  stage: 'report' | 'before' | 'after'
  width: number
  height: number
  taken_at: string | null
  recorded_at: string
}
export interface Report {
  id: string
  source: string
  description: string
  occurred_at: string
  recorded_at: string
  reporter: { name_masked: string; phone_masked: string } | null
  external_number: string | null
  marked: boolean
}
export interface Task {
  id: string
  lead: boolean
  assignee: Assignee
  state: string
  dispatched_at: string
  accepted_at: string | null
  reported_back_at: string | null
  clock: CaseClock | null
}
export interface TimelineEntry {
  position: number
  act: string
  actor: { name: string; role: string } | null
  occurred_at: string
  recorded_at: string
  marked: boolean
  data: Record<string, unknown>
  note: string | null
  from_state: CaseState | null
  to_state: CaseState | null
}
export interface OfferedAct { act: Act; needs: Need[] }
export interface Twin {
  id: string
  number: string | null
  state: CaseState
  class_name: Names
  metres: number | null
  address: string
  reported_at: string
}
export interface CaseDetail {
  case: CaseRow
  limit_text: string | null
  reports: Report[]
  tasks: Task[]
  photos: Photo[]
  timeline: TimelineEntry[]
  acts: OfferedAct[]
  twins: Twin[]
}
export interface Candidate {
  kind: 'crew' | 'unit'
  id: string
  name: Names
  members: number | null
  certified: number | null
  open_tasks: number
  metres: number | null
}
export interface CaseClass { kind: 'event' | 'part'; code: string; name: Names; limit: Limit | null }
export interface Area { code: string; kind: string; parent_code: string | null; name: Names; place: string }
export interface StoredFile { id: string; sha256: string; type: string; width: number; height: number; taken_at: string | null }
export interface MyTask {
  task_id: string
  kind: 'handle' | 'check'
  case: CaseRow
  description: string
  photos: Photo[]
  acts: OfferedAct[]
}

export interface NewReport {
  class: { kind: string; code: string } | null
  description: string
  address?: string
  area_code?: string
  lon?: number
  lat?: number
  photos: string[]
}
export interface ActBody {
  expected_version: number
  kind?: string
  code?: string
  reason?: string
  case_id?: string
  assignee?: { kind: string; id: string }
  note?: string
  to?: string
  photos?: string[]
}
export interface ActResult { case: CaseRow; position: number }
export interface ReportResult { report_id: string; joined: boolean; case: CaseRow; position: number }

/** One event of the live stream. */
export interface CaseEvent {
  position: number
  act: string
  actor_name: string | null
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
