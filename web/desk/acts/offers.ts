/** Offered acts: which stand in front, where their form opens, what they are called by. */
import type { Act, OfferedAct, Task } from '@shared/model'

/** One act may be offered for several tasks or requests. */
export const offerKey = (offer: OfferedAct): string => [offer.act, offer.task_id, offer.request_id].filter(Boolean).join('/')

/** Acts that move the case on, in the order of work; the first that is offered is the one to press. */
const FORWARD: Act[] = [
  'file', 'sign', 'verify', 'ask_verify', 'dispatch', 'accept', 'report_back', 'resume', 'check_pass', 'reply', 'closed_elsewhere', 'close',
]
/** Acts of every day that stand in front too. */
const FRONT = new Set<Act>([
  ...FORWARD, 'reject', 'join', 'told_by_radio', 'under_way', 'on_scene', 'send_back', 'check_fail', 'rework', 'draw_checker', 'urge', 'lift_supervision',
])

export const inFront = (offer: OfferedAct): boolean => FRONT.has(offer.act)

/** The act that takes the case on from here. */
export function forwardOf(offers: OfferedAct[]): Act | undefined {
  return FORWARD.find((act) => offers.some((offer) => offer.act === act))
}

/** Acts with something to say ask for it first; the others happen at once. */
export const asks = (offer: OfferedAct): boolean => offer.needs.length + offer.takes.length > 0

/** Where an offer's button and form belong: beside its request, beside its side task, or in the panel. */
export function spotOf(offer: OfferedAct, tasks: Task[]): string {
  if (offer.request_id) return `request:${offer.request_id}`
  const task = offer.task_id && tasks.find((one) => one.id === offer.task_id)
  return task && !task.lead ? `task:${task.id}` : 'panel'
}
