/** Every call that the screens make, by name. The only file that knows paths. */
import type { FeatureCollection } from 'geojson'
import { client, unwrap } from './api'
import type {
  ActBody, ActResult, Area, CaseClass, CaseDetail, CasePage, Candidate, Counts, DemoTime, DemoTimeChange, MapAnswer, Me,
  Approvals, CrewsNow, Deputies, EndedTasks, MyTask, Notice, NoticeHow,
  NewReport, ReportResult, Revealed, Settled, SheetTaken, Standard, StoredFile, Tab, UnitTasks,
} from './model'

/** Sets the time that a demo install shows. */
export function setDemoTime(change: DemoTimeChange, key: string): Promise<DemoTime> {
  return unwrap(client.POST('/api/v1/demo/time', { headers: { 'Idempotency-Key': key }, body: change }))
}

export const getMe = (): Promise<Me> => unwrap(client.GET('/api/v1/me'))

export function getCases(query: { tab: Tab; after?: string; limit?: number; q?: string }): Promise<CasePage> {
  return unwrap(client.GET('/api/v1/cases', { params: { query } }))
}

export const getCounts = (): Promise<Counts> => unwrap(client.GET('/api/v1/cases/counts'))

export const getMapCases = (): Promise<MapAnswer> => unwrap(client.GET('/api/v1/cases/map'))

export function getCase(id: string): Promise<CaseDetail> {
  // Lines of the duty list come as the catalogue shows them; the case's own description leaves them open.
  return unwrap(client.GET('/api/v1/cases/{case_id}', { params: { path: { case_id: id } } })) as unknown as Promise<CaseDetail>
}

/** The conditions of a class that are in force today. */
export function getStandards(kind: 'event' | 'part', code: string): Promise<{ items: Standard[] }> {
  return unwrap(client.GET('/api/v1/classes/{kind}/{code}/standards', { params: { path: { kind, code } } })) as unknown as Promise<{ items: Standard[] }>
}

export function getCandidates(id: string): Promise<{ items: Candidate[] }> {
  return unwrap(client.GET('/api/v1/cases/{case_id}/candidates', { params: { path: { case_id: id } } }))
}

/** Who reported a case, in full. Each call stands in the access log; nothing of it is kept here. */
export function revealReporters(id: string, reason: string): Promise<{ reporters: Revealed[] }> {
  return unwrap(client.POST('/api/v1/cases/{case_id}/reveal', { params: { path: { case_id: id } }, body: { reason } }))
}

export const getMyTasks = (): Promise<{ tasks: MyTask[]; position: number }> => unwrap(client.GET('/api/v1/my/tasks'))

/** The open tasks of this person's units, with what may be done with each now. */
export const getUnitTasks = (): Promise<UnitTasks> => unwrap(client.GET('/api/v1/unit/tasks'))

export function getEndedTasks(after: string): Promise<EndedTasks> {
  return unwrap(client.GET('/api/v1/unit/tasks/ended', { params: { query: { after } } }))
}

/** A filled sheet of tasks; `photos` are uploads by the names that the sheet gives them. */
export function sendSheet(file: File, photos: Record<string, string>, dryRun: boolean, key: string): Promise<SheetTaken> {
  return unwrap(client.POST('/api/v1/unit/sheet', {
    headers: { 'Idempotency-Key': key },
    body: { file: '', photos: '', dry_run: dryRun },
    bodySerializer: () => {
      const form = new FormData()
      form.append('file', file)
      form.append('photos', JSON.stringify(photos))
      form.append('dry_run', String(dryRun))
      return form
    },
  }))
}

/** Requests that wait for this person's word, the oldest first. */
export const getApprovals = (): Promise<Approvals> => unwrap(client.GET('/api/v1/approvals'))

/** Crews on duty now, what they are at, and where they may be sent to stand by. */
export const getCrewsNow = (): Promise<CrewsNow> => unwrap(client.GET('/api/v1/crews/now'))

/** Tells a crew to stand by somewhere; null: at its own centre again. */
export function moveCrew(id: string, to: { kind: 'site' | 'area'; code: string } | null, key: string): Promise<{ crew_id: string }> {
  return unwrap(client.POST('/api/v1/crews/{crew_id}/move', {
    params: { path: { crew_id: id } }, headers: { 'Idempotency-Key': key }, body: to ?? {},
  }))
}

export const getDeputies = (): Promise<Deputies> => unwrap(client.GET('/api/v1/deputies'))

export function nameDeputy(body: { user_id: string; place: string; first: string; last: string }, key: string): Promise<{ id: string }> {
  return unwrap(client.POST('/api/v1/deputies', { headers: { 'Idempotency-Key': key }, body }))
}

export function endDeputy(id: string, key: string): Promise<{ id: string }> {
  return unwrap(client.POST('/api/v1/deputies/{posting_id}/end', { params: { path: { posting_id: id } }, headers: { 'Idempotency-Key': key } }))
}

export async function getTerritory(): Promise<FeatureCollection> {
  // GeoJSON is its own standard: the API's description leaves it open.
  return (await unwrap<unknown>(client.GET('/api/v1/territory'))) as FeatureCollection
}

export const getClasses = (): Promise<{ items: CaseClass[] }> => unwrap(client.GET('/api/v1/classes'))

export const getAreas = (): Promise<{ items: Area[] }> => unwrap(client.GET('/api/v1/areas'))

export function doAct(id: string, act: string, body: ActBody, key: string): Promise<ActResult> {
  // The server names the acts that it offers; each has its own path and takes a part of the body.
  const path = `/api/v1/cases/{case_id}/acts/${act}` as '/api/v1/cases/{case_id}/acts/accept'
  return unwrap(client.POST(path, {
    params: { path: { case_id: id } },
    headers: { 'Idempotency-Key': key },
    body,
  }))
}

export function sendReport(body: NewReport, key: string): Promise<ReportResult> {
  return unwrap(client.POST('/api/v1/reports', { headers: { 'Idempotency-Key': key }, body }))
}

/** 现场办结: found and dealt with at once. */
export function sendSettled(body: Settled, key: string): Promise<ReportResult> {
  return unwrap(client.POST('/api/v1/reports/settled', { headers: { 'Idempotency-Key': key }, body }))
}

export function sendFile(file: File, key: string): Promise<StoredFile> {
  return unwrap(client.POST('/api/v1/files', {
    headers: { 'Idempotency-Key': key },
    body: { file: '' },
    bodySerializer: () => {
      const form = new FormData()
      form.append('file', file)
      return form
    },
  }))
}

/** One's own notices that nobody has taken, newest first. */
export const getNotices = (): Promise<{ items: Notice[]; unread: number }> =>
  unwrap(client.GET('/api/v1/notices', { params: { query: { open: true } } }))

export function acknowledgeNotice(id: string, how: NoticeHow, key: string): Promise<Notice> {
  return unwrap(client.POST('/api/v1/notices/{notice_id}/acknowledge', {
    params: { path: { notice_id: id } },
    headers: { 'Idempotency-Key': key },
    body: { how },
  }))
}

/** Whether one has signed off; for posts without a shift. */
export const getDuty = (): Promise<{ on_duty: boolean }> => unwrap(client.GET('/api/v1/duty'))

export function setDuty(onDuty: boolean, key: string): Promise<{ on_duty: boolean }> {
  return unwrap(client.POST('/api/v1/duty', { headers: { 'Idempotency-Key': key }, body: { on_duty: onDuty } }))
}

export const getPushKey = (): Promise<{ key: string }> => unwrap(client.GET('/api/v1/push/key'))

export function subscribePush(
  body: { endpoint: string; keys: { p256dh: string; auth: string }; language: 'zh' | 'en' }, key: string,
): Promise<{ id: string }> {
  return unwrap(client.POST('/api/v1/push/subscriptions', { headers: { 'Idempotency-Key': key }, body }))
}

export async function unsubscribePush(id: string, key: string): Promise<void> {
  const path = { subscription_id: id }
  const sent = client.DELETE('/api/v1/push/subscriptions/{subscription_id}', { params: { path }, headers: { 'Idempotency-Key': key } })
  // 204 says nothing; `unwrap` asks for an answer.
  await unwrap(sent.then((answer) => ({ ...answer, data: answer.response.ok ? true : undefined })))
}
