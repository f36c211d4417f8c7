/** Every call that the screens make, by name. The only file that knows paths. */
import { client, unwrap } from './api'
import type {
  ActBody, ActResult, Area, CaseClass, CaseDetail, CasePage, Candidate, Counts, MapCase, Me, MyTask,
  NewReport, ReportResult, StoredFile, Tab,
} from './model'

export const getMe = (): Promise<Me> => unwrap(client.GET('/api/v1/me'))

export function getCases(query: { tab: Tab; after?: string; limit?: number; q?: string }): Promise<CasePage> {
  return unwrap(client.GET('/api/v1/cases', { params: { query } }))
}

export const getCounts = (): Promise<Counts> => unwrap(client.GET('/api/v1/cases/counts'))

export function getMapCases(): Promise<{ position: number; cases: MapCase[] }> {
  return unwrap(client.GET('/api/v1/cases/map'))
}

export function getCase(id: string): Promise<CaseDetail> {
  return unwrap(client.GET('/api/v1/cases/{case_id}', { params: { path: { case_id: id } } }))
}

export function getCandidates(id: string): Promise<{ items: Candidate[] }> {
  return unwrap(client.GET('/api/v1/cases/{case_id}/candidates', { params: { path: { case_id: id } } }))
}

export const getMyTasks = (): Promise<{ tasks: MyTask[]; position: number }> => unwrap(client.GET('/api/v1/my/tasks'))

export const getTerritory = () => unwrap(client.GET('/api/v1/territory'))

export const getClasses = (): Promise<{ items: CaseClass[] }> => unwrap(client.GET('/api/v1/classes'))

export const getAreas = (): Promise<{ items: Area[] }> => unwrap(client.GET('/api/v1/areas'))

export function doAct(id: string, act: string, body: ActBody, key: string): Promise<ActResult> {
  return unwrap(client.POST('/api/v1/cases/{case_id}/acts/{act}', {
    params: { path: { case_id: id, act }, header: { 'Idempotency-Key': key } },
    body,
  }))
}

export function sendReport(body: NewReport, key: string): Promise<ReportResult> {
  return unwrap(client.POST('/api/v1/reports', { params: { header: { 'Idempotency-Key': key } }, body }))
}

export function sendFile(file: File, key: string): Promise<StoredFile> {
  return unwrap(client.POST('/api/v1/files', {
    params: { header: { 'Idempotency-Key': key } },
    body: { file: '' },
    bodySerializer: () => {
      const form = new FormData()
      form.append('file', file)
      return form
    },
  }))
}
