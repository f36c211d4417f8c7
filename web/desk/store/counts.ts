/** Counts on the tabs: asked for once, then moved by events and by time. */
import { reactive } from 'vue'
import { getCounts } from '@shared/calls'
import type { CaseEvent, CaseRow, CountKey, Tab } from '@shared/model'
import { serverNow } from '@shared/time'
import { belongs, isOverdue, rows } from './rows'

export const counts = reactive<Record<CountKey, number>>({
  verifying: 0, reported: 0, filed: 0, dispatched: 0, handling: 0, suspended: 0, to_check: 0, to_reply: 0, elsewhere: 0, to_close: 0,
  overdue: 0, supervised: 0, assigned: 0, urged: 0, hotline: 0, approvals: 0,
})
export const isCounted = (tab: Tab): tab is CountKey => tab in counts
/** Counts that follow from the row alone, besides its state. */
const ACROSS: CountKey[] = ['overdue', 'supervised', 'assigned', 'urged', 'hotline']
/** Acts that may change whether something waits to be granted: the row does not tell. */
const OF_REQUESTS = /^(ask_(?!verify)|appeal_|dispute|endorse|grant|refuse|withdraw_request|designate)/
/** Beyond this the exact number says nothing more. */
const MOST = 999
/** Desks do not all ask in the same moment. */
const APPROVALS_AFTER = 1500

export const countsMeta = reactive({ position: 0, loaded: false })

export async function loadCounts(): Promise<void> {
  const answer = await getCounts()
  if (answer.position < countsMeta.position) return
  Object.assign(counts, answer.counts)
  Object.assign(countsMeta, { position: answer.position, loaded: true })
}

/** Moves the counts by one event; `before` is the row held until now, if any. */
export function countEvent(event: CaseEvent, before: CaseRow | undefined): void {
  if (event.position <= countsMeta.position) return
  countsMeta.position = event.position
  const now = serverNow()
  if (event.from_state !== event.to_state) {
    step(event.from_state, -1)
    step(event.to_state, 1)
  }
  for (const key of ACROSS) {
    const was = before ? belongs(before, key, now) : wasBefore(event, key)
    const is = belongs(event.case, key, now)
    if (was !== is) step(key, is ? 1 : -1)
  }
  if (OF_REQUESTS.test(event.act)) countsSoon()
}

/** Of a row never seen before: a hotline case was one already, unless it is new. */
function wasBefore(event: CaseEvent, key: CountKey): boolean {
  return key === 'hotline' && event.from_state !== null && event.case.source === 'hotline'
}

let asking: ReturnType<typeof setTimeout> | undefined
/** Asks for the counts in a moment, with whatever else asks by then. */
export function countsSoon(): void {
  asking ??= setTimeout(() => {
    asking = undefined
    void loadCounts().catch(() => undefined)
  }, APPROVALS_AFTER * (1 + Math.random()))
}

/** A case that left the reader's place. */
export function countGone(row: CaseRow | undefined): void {
  if (!row) return
  const now = serverNow()
  step(row.state, -1)
  for (const key of ACROSS) if (belongs(row, key, now)) step(key, -1)
}

/** A figure short enough for a tab. */
export function figure(key: CountKey): string {
  return counts[key] > MOST ? `${MOST}+` : String(counts[key])
}

/** Rows whose limit ran out between two instants. */
export function countTime(from: number, to: number): void {
  for (const row of rows.values()) {
    const due = row.clock?.due_at ? Date.parse(row.clock.due_at) : 0
    if (due >= from && due < to && isOverdue(row, to)) step('overdue', 1)
  }
}

function step(key: string | null, by: number): void {
  if (key && key in counts) counts[key as CountKey] = Math.max(0, counts[key as CountKey] + by)
}
