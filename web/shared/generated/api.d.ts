// Written by hand from the agreed contract until the server's OpenAPI file exists; then replaced
// by `npm run generate`.
import type {
  ActBody, ActResult, Area, CaseClass, CaseDetail, CasePage, Candidate, Counts, MapCase, Me, MyTask,
  NewReport, ReportResult, StoredFile,
} from '../model'

import type { Feature } from 'geojson'

type Json<T> = { content: { 'application/json': T } }
type Get<Answer, Path = never, Query = never> = {
  get: {
    parameters: { query?: Query } & ([Path] extends [never] ? { path?: never } : { path: Path })
    responses: { 200: Json<Answer> }
  }
}
type Post<Body, Answer, Path = never> = {
  post: {
    parameters: { header: { 'Idempotency-Key': string } } & ([Path] extends [never] ? { path?: never } : { path: Path })
    requestBody: Json<Body>
    responses: { 200: Json<Answer>; 201: Json<Answer> }
  }
}
type CaseId = { case_id: string }

export interface paths {
  '/api/v1/me': Get<Me>
  '/api/v1/cases': Get<CasePage, never, { tab?: string; after?: string; limit?: number; q?: string }>
  '/api/v1/cases/counts': Get<Counts>
  '/api/v1/cases/map': Get<{ position: number; cases: MapCase[] }>
  '/api/v1/cases/{case_id}': Get<CaseDetail, CaseId>
  '/api/v1/cases/{case_id}/candidates': Get<{ items: Candidate[] }, CaseId>
  '/api/v1/cases/{case_id}/acts/{act}': Post<ActBody, ActResult, CaseId & { act: string }>
  '/api/v1/reports': Post<NewReport, ReportResult>
  '/api/v1/files': Post<{ file: string }, StoredFile>
  '/api/v1/my/tasks': Get<{ tasks: MyTask[]; position: number }>
  '/api/v1/territory': Get<{ type: 'FeatureCollection'; features: Feature[] }>
  '/api/v1/classes': Get<{ items: CaseClass[] }>
  '/api/v1/areas': Get<{ items: Area[] }>
}
