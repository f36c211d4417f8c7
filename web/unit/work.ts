/** What is being done with the chosen tasks: one act, what is said, and what became of each row. */
import { computed, reactive, shallowRef, watch } from 'vue'
import { doAct, getCase } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { DutyLine, OfferedAct, Said, SentPhoto, UnitTaskRow } from '@shared/model'
import { Problem } from '@shared/problem'
import { without } from './store'

/** The acts of the trade, in the order of their buttons; the rest stands behind 更多. */
export const MAIN = ['accept', 'report_back', 'send_back', 'ask_extension'] as const
/** What the fields of this page can say. An act that needs anything else is done at the desk. */
const FIELDS = new Set(['reason', 'note', 'reply', 'photos', 'duty_line_id', 'until', 'task_id', 'request_id'])
const AT_ONCE = 4
const KEPT = 'lianqin.unit.drafts'

export interface Line {
  row: UnitTaskRow
  offer: OfferedAct
  text: string
  reply: string
  until: string
  dutyLineId: string
  photos: SentPhoto[]
  /** Null while the duty list has not been read. */
  dutyLines: DutyLine[] | null
  state: 'waits' | 'sending' | 'done' | 'refused'
  why: string
  /** The key of what was sent, and its body: the same again is the same intent. */
  sent: { key: string; body: string } | null
}

export const picked = reactive(new Set<string>())

export const offersOf = (row: UnitTaskRow): OfferedAct[] =>
  row.acts.filter((offer) => offer.needs.every((need) => FIELDS.has(need)))
export const offerOf = (row: UnitTaskRow, act: string): OfferedAct | undefined =>
  offersOf(row).find((offer) => offer.act === act)

/** Whether an act asks for anything before it is done. */
export const asks = (offer: OfferedAct): boolean =>
  [...offer.needs, ...offer.takes].some((name) => FIELDS.has(name) && !name.endsWith('k_id') && name !== 'request_id')

export const act = shallowRef('')
export const lines = reactive<Line[]>([])
export const common = reactive({ text: '', until: '' })
export const sending = shallowRef(false)

type Texts = Record<string, Partial<Pick<Line, 'text' | 'reply' | 'until' | 'dutyLineId'>>>
const drafts: Texts = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as Texts
const draftKey = (line: Pick<Line, 'row'>) => `${act.value}/${line.row.task.id}`
/** What was typed outlives a sign-in: it is kept in this tab until it has been sent. */
watch([lines, common], () => {
  if (!act.value) return
  for (const { row, text, reply, until, dutyLineId, state } of lines) {
    if (state === 'done' || !(text || reply || until || dutyLineId)) delete drafts[draftKey({ row })]
    else drafts[draftKey({ row })] = { text, reply, until, dutyLineId }
  }
  drafts[act.value] = { ...common }
  sessionStorage.setItem(KEPT, JSON.stringify(drafts))
})
const photosKept = new Map<string, SentPhoto[]>()

export function begin(name: string, rows: UnitTaskRow[]): void {
  leave()
  act.value = name
  Object.assign(common, { text: drafts[name]?.text ?? '', until: drafts[name]?.until ?? '' })
  for (const row of rows) {
    const offer = offerOf(row, name)
    if (!offer) continue
    const kept = drafts[`${name}/${row.task.id}`]
    lines.push({
      row, offer, text: kept?.text ?? '', reply: kept?.reply ?? '', until: kept?.until ?? '', dutyLineId: kept?.dutyLineId ?? '',
      photos: photosKept.get(`${name}/${row.task.id}`) ?? [], dutyLines: null, state: 'waits', why: '', sent: null,
    })
  }
  if (name === 'send_back') void readDutyLines()
}

export function leave(): void {
  for (const line of lines) if (line.state !== 'done' && line.photos.length) photosKept.set(draftKey(line), line.photos)
  act.value = ''
  lines.splice(0)
}

export function drop(line: Line): void {
  picked.delete(line.row.task.id)
  lines.splice(lines.indexOf(line), 1)
  if (!lines.length) leave()
}

async function readDutyLines(): Promise<void> {
  const wanted = [...lines]
  // A few at a time: the server has others to serve.
  while (wanted.length) {
    await Promise.all(wanted.splice(0, AT_ONCE).map(async (line) => {
      try {
        line.dutyLines = (await getCase(line.row.case.id)).duty_lines
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        line.why = error.message
      }
    }))
  }
}

const needs = (line: Line, name: string) => line.offer.needs.includes(name)
const takes = (line: Line, name: string) => needs(line, name) || line.offer.takes.includes(name)
const textOf = (line: Line) => line.text.trim() || common.text.trim()
const untilOf = (line: Line) => line.until || common.until

/** The fields that a line still lacks, by name. */
export function lacks(line: Line): string[] {
  return [
    needs(line, 'reason') && !textOf(line) ? 'reason' : '',
    needs(line, 'photos') && !line.photos.length ? 'photos' : '',
    needs(line, 'until') && !untilOf(line) ? 'until' : '',
    needs(line, 'duty_line_id') && !line.dutyLineId && line.dutyLines?.length !== 0 ? 'dutyLine' : '',
  ].filter(Boolean)
}
export const toSend = computed(() => lines.filter((line) => line.state === 'waits' || line.state === 'refused'))
export const ready = computed(() => toSend.value.filter((line) => !lacks(line).length))
export const done = computed(() => lines.filter((line) => line.state === 'done').length)
export const refused = computed(() => lines.filter((line) => line.state === 'refused').length)
export const fieldsOf = (name: string): boolean => lines.some((line) => takes(line, name))

function said(line: Line): Said {
  const text = textOf(line)
  return {
    ...(text && takes(line, 'reason') ? { reason: text } : {}),
    ...(text && takes(line, 'note') ? { note: text } : {}),
    ...(line.reply.trim() && takes(line, 'reply') ? { reply: line.reply.trim() } : {}),
    ...(untilOf(line) && takes(line, 'until') ? { until: untilOf(line) } : {}),
    ...(line.photos.length && takes(line, 'photos') ? { photos: line.photos.map((photo) => photo.id) } : {}),
    ...(line.dutyLineId && takes(line, 'duty_line_id') ? { duty_line_id: line.dutyLineId } : {}),
    // The lead's own task is named by the case; one beside it names itself.
    ...(line.offer.task_id && !line.row.task.lead ? { task_id: line.offer.task_id } : {}),
    ...(line.offer.request_id ? { request_id: line.offer.request_id } : {}),
  }
}

/** Sends every line that lacks nothing, each an intent of its own, and tells what became of it. */
export async function send(): Promise<void> {
  if (sending.value || !ready.value.length) return
  sending.value = true
  await without(async () => {
    const queue = [...ready.value]
    const worker = async () => {
      for (let line = queue.shift(); line; line = queue.shift()) await sendOne(line)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  })
  sending.value = false
}

async function sendOne(line: Line): Promise<void> {
  const body = { ...said(line), expected_version: line.row.case.version }
  const text = JSON.stringify(body)
  if (line.sent?.body !== text) line.sent = { key: crypto.randomUUID(), body: text }
  line.state = 'sending'
  line.why = ''
  for (;;) {
    try {
      await doAct(line.row.case.id, act.value, body, line.sent.key)
      line.state = 'done'
      picked.delete(line.row.task.id)
      photosKept.delete(draftKey(line))
      return
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (!error.unanswered) {
        line.state = 'refused'
        line.why = whyOf(error)
        return
      }
      await whenBack()
    }
  }
}

function whyOf(error: Problem): string {
  const fields = error.body.errors?.map((field) => field.message).join(' ')
  return fields || [error.body.title, error.body.detail].filter(Boolean).join(' · ') || error.message
}

/** What is on the list now replaces what a line was begun with, as far as it is still there. */
export function refresh(rows: UnitTaskRow[]): void {
  for (const line of lines) {
    const now = rows.find((row) => row.task.id === line.row.task.id)
    const offer = now && offerOf(now, act.value)
    if (now && offer && line.state !== 'done') Object.assign(line, { row: now, offer })
  }
}
