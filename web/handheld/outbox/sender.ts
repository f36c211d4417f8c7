/** Sends one person's acts, one after the other, in the order in which they were made. */
import { serverNow } from '@shared/time'
import type { Theirs } from '@shared/problem'
import { bodyOf, nextLine, open, held, pathOf, photosOf } from './order'
import { OutboxFull, type Answer, type Line, type Upload } from './shapes'
import { lines, nextTryAt, person, refresh, sending, signedInAs } from './state'
import { look } from './storage'
import { change, finish, linesOf, photoOf } from './store'
import { codeOf, needsSignIn, post, session, unanswered, upload, type Reply } from './wire'

const FIRST_PAUSE = 2_000
const LONGEST_PAUSE = 60_000
/** A fault of the server's own is not the act's: tried this often before the person is asked. */
const FAULTS = 5
const ANEW = 3

/** How a line came out: `on` to the next, or what stands in the way of all. */
type Course = 'on' | 'offline' | 'waiting' | 'signed-out'

let token: string | null = null
let running = false
let again = false
let pause = FIRST_PAUSE
let timer: ReturnType<typeof setTimeout> | undefined

/** Starts at once whatever was waiting for its time. */
export function sendNow(): void {
  clearTimeout(timer)
  nextTryAt.value = null
  pause = FIRST_PAUSE
  void drain()
}

/** Another person, or nobody: what was known of the session is void. */
export function halt(): void {
  clearTimeout(timer)
  nextTryAt.value = null
  token = null
  sending.value = 'idle'
}

async function drain(): Promise<void> {
  if (running) {
    again = true
    return
  }
  running = true
  try {
    do {
      again = false
      await alone(round)
    } while (again)
  } catch (reason) {
    // What was under way stands in the database and is taken up again.
    rest('waiting')
    if (!(reason instanceof OutboxFull)) throw reason
    await look(true)
  } finally {
    running = false
  }
}

/** One tab sends at a time; the next looks at what is left then. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work()
  await navigator.locks.request('lianqin-outbox', work)
}

async function round(): Promise<void> {
  for (;;) {
    const who = person.value
    if (!who) return
    const line = nextLine(await linesOf(who.id))
    if (!line) {
      sending.value = 'idle'
      return
    }
    sending.value = 'sending'
    const course = await known(who.id) ?? await send(line)
    await refresh()
    if (course !== 'on') return rest(course)
    pause = FIRST_PAUSE
  }
}

function rest(course: Exclude<Course, 'on'>): void {
  sending.value = course
  clearTimeout(timer)
  if (course === 'signed-out') {
    token = null
    nextTryAt.value = null
    return
  }
  nextTryAt.value = Date.now() + pause
  timer = setTimeout(() => { nextTryAt.value = null; void drain() }, pause)
  pause = Math.min(pause * 2, LONGEST_PAUSE)
}

/** Makes sure that the session is this person's; undefined when it is. */
async function known(id: string): Promise<Course | undefined> {
  if (token !== null) return undefined
  const found = await session()
  if ('status' in found) return needsSignIn(found) ? 'signed-out' : away(found)
  if (person.value?.id !== id) return 'waiting'
  signedInAs.value = found.id === id ? null : found.name
  if (found.id !== id) return 'signed-out'
  token = found.token
  return undefined
}

const away = (reply: Reply): Course => (reply.status === 0 ? 'offline' : 'waiting')

async function send(line: Line): Promise<Course> {
  const begun = await change(line.seq, (now) => (open(now) ? { ...now, state: 'sending', attempts: now.attempts + 1 } : null))
  if (!begun) return 'on'
  await refresh()
  const sent = begun.sentBody ? 'on' : await uploads(begun)
  if (sent !== 'on') return sent
  const ready = await prepare(begun)
  if (!ready?.sentBody) return 'on'
  return took(ready, await post(pathOf(ready), ready.sentBody, ready.key, token!))
}

/** The photos first, each under a key of its own. */
async function uploads(line: Line): Promise<Course> {
  for (const id of photosOf(line)) {
    const photo = await photoOf(id)
    if (!photo || line.uploads?.[id]?.fileId) continue
    const key = line.uploads?.[id]?.key ?? id
    const reply = await upload(photo.blob, photo.name, key, token!)
    if (reply.status !== 201 && reply.status !== 200) return failed(line, reply)
    const fileId = String(reply.body.id)
    await change(line.seq, (now) => ({ ...now, uploads: { ...now.uploads, [id]: { key, fileId } } }))
  }
  return 'on'
}

/** Fixes the body before its first sending: from here on it goes out unchanged under its key. */
async function prepare(line: Line): Promise<Line | null> {
  if (line.sentBody) return line
  const all = await linesOf(line.person)
  return change(line.seq, (now) => (now.state === 'sending' ? { ...now, sentBody: bodyOf(now, all) } : null))
}

async function took(line: Line, reply: Reply): Promise<Course> {
  if (reply.status < 200 || reply.status >= 300) return failed(line, reply)
  const row = reply.body.case as { id: string; number: string | null; state: string; version: number }
  const answer: Answer = { caseId: row.id, number: row.number, state: row.state, version: row.version }
  const now = new Date().toISOString()
  const { problem: _, theirs: __, ...rest } = line
  await finish({ ...rest, state: 'sent', answer, sentAt: now, endedAt: now, recordedAt: new Date(serverNow()).toISOString() })
  void look()
  return 'on'
}

async function failed(line: Line, reply: Reply): Promise<Course> {
  if (needsSignIn(reply)) {
    // Refused before it was looked at: whose session it is now is asked first.
    token = null
    await back(line)
    return reply.status === 401 ? 'signed-out' : 'waiting'
  }
  if (unanswered(reply.status) || (reply.status >= 500 && line.attempts < FAULTS)) {
    await back(line)
    return away(reply)
  }
  if (codeOf(reply) === 'photo_not_found' && (line.anew ?? 0) < ANEW) {
    await change(line.seq, (now) => ({ ...fresh(now), anew: (now.anew ?? 0) + 1, uploads: anew(now) }))
    return 'on'
  }
  const problem = { status: reply.status, body: reply.body }
  const theirs = (reply.body.params as { theirs?: Theirs } | undefined)?.theirs ?? null
  await change(line.seq, (now) => ({ ...now, state: reply.status === 409 ? 'conflict' : 'refused', problem, theirs }))
  return 'on'
}

/** The server has swept what came: all photos go up once more, under keys of their own. */
const anew = (line: Line): Record<string, Upload> =>
  Object.fromEntries(photosOf(line).map((id) => [id, { key: crypto.randomUUID() }]))

const back = (line: Line): Promise<Line | null> => change(line.seq, (now) => ({ ...now, state: 'waiting' }))

/** The same act with a body still to be made: a changed body needs a key of its own. */
export function fresh(line: Line): Line {
  const { sentBody: _, problem: __, theirs: ___, endedAt: ____, ...rest } = line
  return { ...rest, key: crypto.randomUUID(), state: 'waiting', attempts: 0 }
}

/** Whether a line waits for a decision about an earlier one. */
export const heldBack = (line: Line): boolean => open(line) && held(line, lines.value)

function wake(): void {
  if (person.value && document.visibilityState === 'visible') sendNow()
}

let listening = false
export function listen(): void {
  if (listening || typeof window === 'undefined') return
  listening = true
  window.addEventListener('online', wake)
  window.addEventListener('pageshow', wake)
  document.addEventListener('visibilitychange', wake)
}
