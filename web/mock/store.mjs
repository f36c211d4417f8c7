// The fake district: rows, acts and the journal of the development server.
import { AREAS, CLASSES, CREWS, STATES, clock, iso, makeCase, random } from './data.mjs'

export const journal = []
export const cases = new Map()
export const listeners = new Set()
const timelines = new Map()
let position = 0

export const here = () => position
const ME = { name: '张三', role: 'operator' }

const NEXT = {
  file: 'filed', reject: 'rejected', join: 'joined', dispatch: 'dispatched', accept: 'handling', report_back: 'to_check',
  send_back: 'filed', check_pass: 'to_close', check_fail: 'handling', close: 'closed',
}
/** By state: act, what it needs, what it takes. */
export const ACTS = {
  reported: [['file', ['class', 'standard_id'], ['note']], ['reject', ['reason'], []], ['join', ['case_id'], []]],
  filed: [['join', ['case_id'], []], ['dispatch', ['assignee'], ['note']]],
  dispatched: [['told_by_radio', [], []], ['accept', [], []], ['send_back', ['reason', 'duty_line_id'], []]],
  handling: [['report_back', ['photos'], ['reply', 'note']], ['send_back', ['reason', 'duty_line_id'], []]],
  to_check: [['check_pass', [], ['means', 'note', 'photos']], ['check_fail', ['reason'], []]],
  to_close: [['close', [], ['note']]],
}

function record(row, act, from, data = {}, note = null, actor = ME) {
  position += 1
  const at = iso(Date.now())
  Object.assign(row, { version: row.version + 1, position, changed_at: at })
  const entry = { position, act, actor, occurred_at: at, recorded_at: at, marked: false, data, note, from_state: from, to_state: row.state }
  timelines.set(row.id, [...(timelines.get(row.id) ?? []), entry])
  const event = { position, act, actor_name: actor.name, recorded_at: at, from_state: from, to_state: row.state, visible: true, case: { ...row } }
  journal.push(event)
  for (const listener of listeners) listener(event)
}

export function newCase(partial = {}) {
  const row = { ...makeCase(position + 1, 'reported', Date.now()), ...partial }
  cases.set(row.id, row)
  record(row, 'report', null, { source: row.source, class: `${row.kind}.${row.code}` })
  return row
}

export function act(row, name, body, actor = ME) {
  const from = row.state
  if (NEXT[name]) row.state = NEXT[name]
  if (!row.number) row.number = `云龙-20261123-${String(position).padStart(4, '0')}`
  const data = {}
  if (name === 'dispatch') {
    const { kind, id, name: crew } = CREWS.find((one) => one.id === body.assignee.id)
    row.assignee = { kind, id, name: crew }
    const now = Date.now()
    row.clock = { ...clock(now, { value: 120, unit: 'minute' }), limit: { value: 2, unit: 'urgent_hour' } }
  }
  if (name === 'urge') row.flags = { ...row.flags, urged: row.flags.urged + 1 }
  if (name === 'told_by_radio') row.told_by_radio_at = iso(Date.now())
  if (body.photos) data.photos = body.photos.length
  if (name === 'report_back') row.clock = { ...row.clock, due_at: null, stopped_at: iso(Date.now()), used_s: 600 }
  if (name === 'close') row.closed_at = iso(Date.now())
  record(row, name, from, data, body.reason ?? body.note ?? null, actor)
  return row
}

export const STANDARDS = [['1', '占用人行道', 2], ['2', '占用盲道', 1]].map(([condition, zh, value]) => ({
  id: `standard-${condition}`, condition, filing: { zh, en: `Condition ${condition}` }, closing: { zh: '已清理', en: 'Cleared' }, limit: { value, unit: 'urgent_hour' },
  valid: { start: '2000-01-01', before: null }, sample: true,
}))
const DUTY_LINES = [{
  id: 'line', code: 'E0406-1', place: '320303', unit: { id: CREWS.at(-1).id, name: CREWS.at(-1).name }, basis: { zh: '样例', en: 'Sample' }, valid: { start: null, before: null }, sample: true,
}]

export function detail(row) {
  const twins = [...cases.values()].filter((other) => other.id !== row.id && other.kind === row.kind && other.code === row.code && other.state !== 'closed').slice(0, row.state === 'reported' ? 2 : 0)
  return {
    case: row, position,
    reports: [{ id: row.id, source: row.source, address: row.address, position_refused: null, description: '摊位占用盲道，行人只能走到车行道上；已劝离一次。', occurred_at: row.reported_at, recorded_at: row.reported_at, reporter: null, external_number: row.source === 'hotline' ? 'HX-118' : null, marked: false }],
    tasks: [],
    photos: [1, 2].map((n) => ({ id: `p${n}`, url: `/api/v1/files/p${n}`, stage: n === 1 ? 'report' : 'before', width: 800, height: 600, taken_at: row.reported_at, recorded_at: row.reported_at })),
    timeline: timelines.get(row.id) ?? [{ position: row.position, act: 'report', actor: ME, occurred_at: row.reported_at, recorded_at: row.reported_at, marked: false, data: { source: row.source }, note: null, from_state: null, to_state: 'reported' }],
    acts: [...(ACTS[row.state] ?? []), ...(STATES.includes(row.state) ? [['urge', [], ['note']]] : [])].map(([name, needs, takes]) => ({ act: name, needs, takes, task_id: null, request_id: null })),
    responsible: 'centre', way: { verify: false, filed_by: 'here', checked_by: 'here', closed_by: 'centre', reply: row.source === 'hotline' }, verified: null,
    standard: null, standards: row.state === 'reported' ? STANDARDS : [], duty_lines: DUTY_LINES, reply: '', requests: [], checker: row.state === 'to_check' ? { drawn: true, id: null, name: '李四' } : null,
    clocks: row.clock ? [{ ...row.clock, id: 'c', task_id: null, extensions: 0, exempt: false, plain: false }] : [],
    recurrences: [], recurrence_of: null, parent: null, parts: [],
    twins: twins.map((other) => ({ id: other.id, number: other.number, state: other.state, metres: 32, address: other.address, description: '摊位占用盲道', photo: null, assignee: other.assignee, reported_at: other.reported_at, closed_at: null })),
  }
}

export function fill(count) {
  for (let n = 0; n < count; n++) {
    position += 1
    const row = makeCase(position, n % 12 === 11 ? 'closed' : STATES[Math.floor(random() * 6)])
    cases.set(row.id, row)
  }
}

const overdue = (row) => row.clock?.due_at && STATES.includes(row.state) && !row.clock.stopped_at && Date.parse(row.clock.due_at) < Date.now()

export function list(tab, q) {
  return [...cases.values()]
    .filter((row) => (tab === 'all' ? true : tab === 'open' ? STATES.includes(row.state) : tab === 'supervised' ? row.flags.supervised_at : tab === 'urged' ? row.flags.urged : tab === 'hotline' ? row.source === 'hotline' : tab === 'overdue' ? overdue(row) : row.state === tab))
    .filter((row) => !q || `${row.number}${row.address}${row.class_name.zh}${row.class_name.en}${row.code}`.includes(q))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}

export function counts() {
  const answer = Object.fromEntries(STATES.map((state) => [state, 0]))
  answer.overdue = 0
  for (const row of cases.values()) {
    if (row.state in answer) answer[row.state] += 1
    if (overdue(row)) answer.overdue += 1
  }
  return answer
}
export { AREAS, CLASSES, CREWS }
