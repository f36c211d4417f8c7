/** Rows of cases as last seen, by id; lists and the map are readings of them. */
import { shallowReactive, shallowRef } from 'vue'
import { readClock } from '@shared/limit'
import type { CaseEvent, CaseRow, Tab } from '@shared/model'
import { stateInfo } from '@shared/states'

export const rows = shallowReactive(new Map<string, CaseRow>())

/** Ids that just changed by somebody else's act, for a short highlight. */
export const fresh = shallowReactive(new Set<string>())

/** Journal position of a row's last change. */
export const at = (row: Pick<CaseRow, 'position'>): number => row.position ?? 0

/** Takes a row in if it is newer than the one held; tells whether it was. */
export function takeRow(row: CaseRow): boolean {
  const held = rows.get(row.id)
  if (held && at(held) >= at(row)) return false
  rows.set(row.id, row)
  return true
}

export function isOverdue(row: Pick<CaseRow, 'clock' | 'state'>, now: number): boolean {
  return readClock(row.clock, row.state, now).overdue
}

/** Whether a row belongs on a tab at an instant. What waits for approval is not in the row: such a
 *  list stays as it was fetched until it is fetched again. */
export function belongs(row: CaseRow, tab: Tab, now: number): boolean {
  const open = stateInfo(row.state).open
  switch (tab) {
    case 'all': case 'approvals': return true
    case 'open': return open
    case 'overdue': return isOverdue(row, now)
    case 'supervised': return open && !!row.flags?.supervised_at
    case 'assigned': return open && !!row.flags?.assigned_at
    case 'urged': return open && (row.flags?.urged ?? 0) > 0
    case 'hotline': return open && row.source === 'hotline'
    case 'settled': return !!row.flags?.settled
    default: return row.state === tab
  }
}

/** The order of the queue, the server's: newest first. Ids carry their time in front. */
export function compareRows(a: CaseRow, b: CaseRow): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}

/** The last event, for whoever follows (announcements, the open case). */
export const lastEvent = shallowRef<CaseEvent | null>(null)
