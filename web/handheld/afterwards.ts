/** What a task will be once the acts in the outbox have arrived. Pure: lines and task come in. */
import type { Act, MyTask, OfferedAct } from '@shared/model'
import type { Line } from './outbox/shapes'

export interface Outlook {
  /** What may be done next, as far as the phone can tell without the server. */
  acts: OfferedAct[]
  /** Acts on this case that the server has not told back yet, oldest first. */
  under: Line[]
  /** The act that waits for a decision; later ones on the case wait behind it. */
  stuck: Line | null
  /** Nothing more is asked of this person here. */
  done: boolean
}

/** The steps of handling in the order of work. */
export const STEPS: Act[] = ['accept', 'under_way', 'on_scene', 'report_back']
/** After these the case is in other hands. */
const ENDS = new Set<Act>(['report_back', 'send_back', 'check_pass', 'check_fail', 'verify'])
/** Acts that the phone has no form for: they need the desk's lists. */
const DESK_FIELDS = ['assignee', 'case_id', 'standard_id', 'class', 'limit', 'request_id']

/** A task kept by the phone; what an older server did not say is absent. */
export type HandTask = MyTask

/** What the server said will be open once the task is accepted. */
function afterAccept(task: HandTask): OfferedAct[] {
  const opened = task.after_accept ?? []
  const known = new Set(opened.map((offer) => `${offer.act}${offer.request_id}`))
  return [...opened, ...task.acts.filter((offer) => offer.act !== 'accept' && !known.has(`${offer.act}${offer.request_id}`))]
}

/** Whether an act's line is not yet in what the server told of the case. */
function under(line: Line, task: HandTask): boolean {
  if (line.kind !== 'act' || line.caseId !== task.case.id || line.state === 'dropped') return false
  return line.state !== 'sent' || (line.answer?.version ?? 0) > task.case.version
}

function step(acts: OfferedAct[], act: Act, task: HandTask): OfferedAct[] {
  if (act === 'accept') return afterAccept(task)
  const past = act === 'on_scene' ? ['under_way', 'on_scene'] : [act]
  return acts.filter((offer) => !past.includes(offer.act))
}

export const fits = (offer: OfferedAct): boolean => !offer.needs.some((field) => DESK_FIELDS.includes(field))

export function outlook(task: HandTask, lines: readonly Line[]): Outlook {
  const mine = lines.filter((line) => under(line, task))
  const stuck = mine.find((line) => line.state === 'conflict' || line.state === 'refused') ?? null
  const done = !stuck && mine.some((line) => ENDS.has(line.act))
  const acts = mine.reduce((left, line) => step(left, line.act, task), task.acts)
  return { acts: done || stuck ? [] : acts.filter(fits), under: mine, stuck, done }
}

/** The act to press next; what else stands beside it and what behind "more". */
export function arranged(acts: OfferedAct[]): { main?: OfferedAct; beside: OfferedAct[]; more: OfferedAct[] } {
  const order: Act[] = [...STEPS, 'verify', 'check_pass']
  const front = order.flatMap((act) => acts.filter((offer) => offer.act === act))
  const main = front[0]
  const second: Act[] = main?.act === 'check_pass' ? ['check_fail'] : main?.act === 'accept' ? ['send_back'] : order
  const beside = acts.filter((offer) => offer !== main && second.includes(offer.act))
  return { main, beside, more: acts.filter((offer) => offer !== main && !beside.includes(offer)) }
}

