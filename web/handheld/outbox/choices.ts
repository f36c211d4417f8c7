/** What a person decides about an act that the server did not take. */
import { Problem } from '@shared/problem'
import { photosOf, wordsOf } from './order'
import { fresh, sendNow } from './sender'
import type { Choice, Line, NewLine } from './shapes'
import { refresh } from './state'
import { change, lineOf, takeOut } from './store'
import { read } from './wire'

/** The case has moved on to where this act is not to be had any more. */
export class NotOffered extends Error {
  constructor(readonly act: string, readonly state: string) {
    super(`${act} is not offered in ${state}`)
    this.name = 'NotOffered'
  }
}

const undecided = (line: Line): boolean => line.state === 'conflict' || line.state === 'refused'

/** `source` is whose report it becomes, of those that the server knows. */
export async function resolve(id: string, choice: Choice, source = 'patrol'): Promise<void> {
  const line = await lineOf(id)
  if (!line || !undecided(line)) return
  const next = choice === 'mine' ? await present(line) : choice === 'drop' ? dropped : (now: Line) => asReport(now, source)
  await change(line.seq, (now) => (undecided(now) ? next(now) : null))
  await refresh()
  sendNow()
}

const dropped = (line: Line): Line => ({ ...line, state: 'dropped', endedAt: new Date().toISOString() })

interface Offered { act: string; task_id: string | null; request_id: string | null }

/** Mine all the same, on the case as it stands now: only if it offers the act. */
async function present(line: Line): Promise<(now: Line) => Line> {
  if (line.kind !== 'act') return fresh
  const reply = await read(`/api/v1/cases/${line.caseId}`)
  if (reply.status !== 200) throw new Problem(reply.status, reply.body)
  const row = reply.body.case as { version: number; state: string; number: string | null }
  const offer = (reply.body.acts as Offered[]).find((one) => one.act === line.act)
  if (!offer) throw new NotOffered(line.act, row.state)
  return (now) => {
    const body = { ...now.body }
    if ('task_id' in body && offer.task_id) body.task_id = offer.task_id
    if ('request_id' in body && offer.request_id) body.request_id = offer.request_id
    return { ...fresh(now), body, expectedVersion: row.version }
  }
}

/** Photos and words are handed in as a report on the case. */
function asReport(line: Line, source: string): Line {
  const number = line.caseNumber ?? line.label.number
  const body: Record<string, unknown> = { source, description: wordsOf(line) || line.label.what }
  if (number) body.case_number = number
  else body.address = line.label.where
  for (const field of ['class', 'address', 'lon', 'lat', 'datum', 'area_code']) {
    if (line.kind !== 'act' && line.body[field] != null) body[field] = line.body[field]
  }
  const photos = photosOf(line).slice(0, 9)
  return { ...fresh(line), kind: 'report', act: 'report', body, photos: photos.length ? { photos } : {}, was: { kind: line.kind, act: line.act } }
}

/** Puts a refused act right: the same line with another body, under a new key. */
export async function putRight(id: string, body: Record<string, unknown>, photos?: NewLine['photos']): Promise<void> {
  const line = await lineOf(id)
  if (!line || !undecided(line)) return
  await change(line.seq, (now) => (undecided(now) ? { ...fresh(now), body, photos: photos ?? now.photos ?? {} } : null))
  await refresh()
  sendNow()
}

/** Takes an act back while nothing of it has been sent; null when it is too late. */
export async function takeBack(id: string): Promise<Line | null> {
  const line = await takeOut(id)
  await refresh()
  return line
}
