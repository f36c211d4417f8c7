/** Counts on the tabs: asked for once, then moved by events and by time. */
import { reactive } from 'vue'
import { getCounts } from '@shared/calls'
import type { CaseEvent, CaseRow, CountKey } from '@shared/model'
import { serverNow } from '@shared/time'
import { isOverdue, rows } from './rows'

export const counts = reactive<Record<CountKey, number>>({
  reported: 0, filed: 0, dispatched: 0, handling: 0, to_check: 0, to_close: 0, overdue: 0,
})
/** Beyond this the exact number says nothing more. */
const MOST = 999

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
  const was = before ? isOverdue(before, now) : false
  const is = isOverdue(event.case, now)
  if (was !== is) step('overdue', is ? 1 : -1)
}

/** A case that left the reader's place. */
export function countGone(row: CaseRow | undefined): void {
  if (!row) return
  step(row.state, -1)
  if (isOverdue(row, serverNow())) step('overdue', -1)
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
