/** The day's page as the server tells it. */
import { unwrap, client } from './api'
import type { CaseRow, Names } from './model'

/** Whole numbers of one row of a table. */
export interface Figures {
  reports: number
  reported: number
  filed: number
  rejected: number
  dispatched: number
  closed: number
  on_time: number
  overdue: number
  exempted: number
  settled: number
  open: number
  open_overdue: number
}

export interface Brief {
  duty_date: string
  from: string
  to: string
  as_of: string
  running: boolean
  demo: boolean
  places: Names[]
  total: Figures
  by_source: ({ source: string } & Figures)[]
  by_group: ({ kind: string | null; code: string; name: Names } & Figures)[]
  by_centre: ({ place: string; name: Names } & Figures)[]
  settled: { count: number; drawn: number; passed: number; failed: number }
  joined: number
  cancelled: number
  reopened: number
  sent_back: number
  urged: number
  recurrences: number
  supervised_open: number
  suspended_open: number
  service_records: number
  security_leads: number
  overdue: { count: number; items: CaseRow[] }
  supervised: { count: number; items: CaseRow[] }
}

/** The page of a duty date (07:00–07:00). */
export function getBrief(date: string): Promise<Brief> {
  const path = `/api/v1/brief/${date}` as '/api/v1/cases/counts'
  return unwrap<unknown>(client.GET(path)) as Promise<Brief>
}
