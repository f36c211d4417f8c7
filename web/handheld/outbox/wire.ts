/** Sending from the outbox. Bodies go out as they were stored, with the time limit of a thin line. */
import { csrfToken } from '@shared/api'
import { language } from '@shared/i18n/language'
import type { ProblemBody } from '@shared/model'
import { learnServerTime } from '@shared/time'

/** Seconds for any answer, and bytes a second that the thinnest line still carries. */
const PATIENCE = 30
const THINNEST = 8_000

export interface Reply { status: number; body: Record<string, unknown> }

async function ask(path: string, init: RequestInit, bytes = 0): Promise<Reply> {
  const headers = new Headers(init.headers)
  headers.set('Accept', 'application/json')
  headers.set('Accept-Language', language.value)
  headers.set('Device-Time', new Date().toISOString())
  const signal = AbortSignal.timeout((PATIENCE + bytes / THINNEST) * 1000)
  try {
    const answer = await fetch(path, { ...init, headers, signal, credentials: 'same-origin', cache: 'no-store' })
    learnServerTime(answer.headers.get('Date'))
    const body: unknown = await answer.json().catch(() => null)
    if (typeof body === 'object' && body) return { status: answer.status, body: body as Record<string, unknown> }
    // Whatever answered was not the server: a portal of the network, a proxy before it.
    return { status: answer.ok ? 0 : answer.status, body: {} }
  } catch {
    return { status: 0, body: {} }
  }
}

/** Sends a stored body; `token` ties it to the session that was looked at. */
export function post(path: string, body: Record<string, unknown>, key: string, token: string): Promise<Reply> {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'X-CSRFToken': token },
    body: JSON.stringify(body),
  })
}

export function upload(blob: Blob, name: string, key: string, token: string): Promise<Reply> {
  const form = new FormData()
  form.append('file', blob, name)
  return ask('/api/v1/files', { method: 'POST', headers: { 'Idempotency-Key': key, 'X-CSRFToken': token }, body: form }, blob.size)
}

export const read = (path: string): Promise<Reply> => ask(path, {})

export interface Session { id: string; name: string; token: string }

/**
 * Whose session the requests run under. The token changes with every sign-in, and the server
 * refuses another session's: what is sent with this one goes out in this person's name or not at all.
 */
export async function session(): Promise<Session | Reply> {
  const token = csrfToken()
  const reply = await read('/api/v1/me')
  const user = reply.body.user as { id: string; name: string } | undefined
  if (reply.status !== 200 || !user) return reply
  return { id: user.id, name: user.name, token }
}

/** Nothing is known of what became of the request: the same goes out again. */
export const unanswered = (status: number): boolean => [0, 408, 425, 429, 502, 503, 504].includes(status)

export const codeOf = (reply: Reply): string => (reply.body as Partial<ProblemBody>).code ?? ''

/** The session is gone, or another has taken its place. */
export const needsSignIn = (reply: Reply): boolean =>
  reply.status === 401 || (reply.status === 403 && ['', 'csrf_missing'].includes(codeOf(reply)))
