/** A phone for tests: a database in memory and a server that answers as it is told. */
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { vi } from 'vitest'
// Looks for a real document when it is first read: before the phone has one of its own.
import 'vue'
import type { NewLine } from '../shapes'

export const LI = { id: '00000000-0000-7000-8000-000000000001', name: '李敏' }
export const WANG = { id: '00000000-0000-7000-8000-000000000002', name: '王强' }
export const CASE = '00000000-0000-7000-8000-0000000000c1'
export const OTHER = '00000000-0000-7000-8000-0000000000c2'

export interface Call { path: string; key: string | null; body: Record<string, unknown> | null; file: boolean; headers: Headers }
type Told = { status: number; body?: unknown } | 'cut'

/** The server: keeps what it took by key, as the real one does. */
export class Server {
  calls: Call[] = []
  who: { id: string; name: string } | null = LI
  versions = new Map([[CASE, 5], [OTHER, 3]])
  /** Says how the next requests to a path are answered, instead of by itself. */
  told: { path: RegExp; answer: Told; after?: boolean }[] = []
  cookie = 'first'
  /** No signal. */
  down = false
  private answers = new Map<string, unknown>()
  private files = 0

  writes = (): Call[] => this.calls.filter((call) => call.key !== null)
  taken = (): string[] => [...this.answers.keys()]

  answer = async (path: string, init: RequestInit = {}): Promise<Response> => {
    if (this.down) throw new TypeError('Failed to fetch')
    const headers = new Headers(init.headers)
    const file = init.body instanceof FormData
    const body = typeof init.body === 'string' ? JSON.parse(init.body) as Record<string, unknown> : null
    const key = headers.get('Idempotency-Key')
    this.calls.push({ path, key, body, file, headers })
    const at = this.told.findIndex((one) => one.path.test(path))
    const found = at >= 0 ? this.told.splice(at, 1)[0] : undefined
    // The line breaks after the server has taken it: the answer is lost.
    if (found?.after) this.take(path, key, body, file)
    if (found) {
      if (found.answer === 'cut') throw new TypeError('Failed to fetch')
      return json(found.answer.status, found.answer.body ?? {})
    }
    if (!this.who) return json(401, { code: 'sign_in_needed' })
    if (key && headers.get('X-CSRFToken') !== this.cookie) return json(403, { code: 'csrf_missing' })
    if (path === '/api/v1/me') return json(200, { user: this.who })
    if (!key) return json(200, { case: this.row(path.split('/')[4]!), acts: [{ act: 'on_scene', task_id: null, request_id: null }] })
    return json(file ? 201 : 200, this.take(path, key, body, file))
  }

  private row(id: string): Record<string, unknown> {
    return { id, number: 'N1', state: 'handling', version: this.versions.get(id) ?? 1 }
  }

  private take(path: string, key: string | null, body: Record<string, unknown> | null, file: boolean): unknown {
    if (key && this.answers.has(key)) return this.answers.get(key)
    const answer = file ? { id: `file-${++this.files}` } : this.act(path, body!)
    this.answers.set(key!, answer)
    return answer
  }

  private act(path: string, body: Record<string, unknown>): unknown {
    const id = path.includes('/cases/') ? path.split('/')[4]! : crypto.randomUUID()
    this.versions.set(id, Number(body.expected_version ?? 0) + 1)
    return { case: this.row(id), position: 1 }
  }
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', Date: new Date().toUTCString() } })

/** A fresh phone with the app just opened; `keep` is the same phone after a reload. */
export async function phone(server: Server, keep = false) {
  if (keep) await (await import('../store')).close()
  else globalThis.indexedDB = new IDBFactory()
  vi.resetModules()
  vi.stubGlobal('document', {
    get cookie() { return `csrftoken=${server.cookie}` },
    visibilityState: 'visible', documentElement: {}, addEventListener: () => undefined,
  })
  vi.stubGlobal('fetch', server.answer)
  return import('../index')
}

export const act = (name: string, more: Partial<NewLine> = {}): NewLine => ({
  kind: 'act', act: name, caseId: CASE, caseNumber: 'N1', expectedVersion: 5, body: {},
  label: { act: name, where: '银湖路 1 号', what: '占道经营', number: 'N1' }, ...more,
})

export const report = (words: string, more: Partial<NewLine> = {}): NewLine => ({
  kind: 'report', act: 'report', body: { source: 'patrol', description: words },
  label: { act: 'report', where: '银湖路 2 号', what: words }, ...more,
})

export const picture = (size = 64): Blob => {
  const bytes = new Uint8Array(size).fill(7)
  bytes.set([0xff, 0xd8])
  return new Blob([bytes], { type: 'image/jpeg' })
}

/** Waits until something holds; the database in memory takes a few turns. */
export const until = (holds: () => boolean): Promise<unknown> => vi.waitUntil(holds, { timeout: 3000, interval: 5 })
