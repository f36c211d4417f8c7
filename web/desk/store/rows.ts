/** Rows of cases as last seen, by id; lists and the map are readings of them. */
import { shallowReactive, shallowRef } from 'vue'
import { readClock } from '@shared/limit'
import type { CaseEvent, CaseRow, Tab } from '@shared/model'
import { stateInfo } from '@shared/states'

export const rows = shallowReactive(new Map<string, CaseRow>())

/** Ids that just changed by somebody else's act, for a short highlight. */
export const fresh = shallowReactive(new Set<string>())

/** Takes a row in if it is newer than the one held; tells whether it was. */
export function takeRow(row: CaseRow): boolean {
  const held = rows.get(row.id)
  if (held && held.position >= row.position) return false
  rows.set(row.id, row)
  return true
}

export function isOverdue(row: Pick<CaseRow, 'clock' | 'state'>, now: number): boolean {
  return readClock(row.clock, row.state, now).overdue
}

/** Whether a row belongs on a tab at an instant. */
export function belongs(row: CaseRow, tab: Tab, now: number): boolean {
  if (tab === 'open') return stateInfo(row.state).open
  if (tab === 'overdue') return isOverdue(row, now)
  return row.state === tab
}

/** The order of the queue: what is due first comes first, then what came in first. */
export function compareRows(a: CaseRow, b: CaseRow): number {
  const dueA = a.clock?.due_at ? Date.parse(a.clock.due_at) : Infinity
  const dueB = b.clock?.due_at ? Date.parse(b.clock.due_at) : Infinity
  if (dueA !== dueB) return dueA - dueB
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** The last event, for whoever follows (announcements, the open case). */
export const lastEvent = shallowRef<CaseEvent | null>(null)
