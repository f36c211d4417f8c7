/** Rows picked for a common act, in the order they were picked. */
import { reactive, shallowReactive } from 'vue'

export const picked = shallowReactive(new Set<string>())
/** As many as one form may be sent for. */
export const MOST_PICKED = 50

/** What became of each case of the last common act; shown until somebody puts it away. */
export interface Outcome { id: string; number: string; state: 'waits' | 'sending' | 'done' | 'refused'; why: string }
export const outcomes = reactive<Outcome[]>([])

let anchor: string | null = null

export function pick(id: string): void {
  if (picked.has(id)) picked.delete(id)
  else if (picked.size < MOST_PICKED) picked.add(id)
  anchor = id
}

/** Picks everything from the last pick to this row. */
export function pickUpTo(id: string, ids: string[]): void {
  const from = anchor ? ids.indexOf(anchor) : -1
  const to = ids.indexOf(id)
  if (from < 0 || to < 0) return pick(id)
  for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) if (picked.size < MOST_PICKED) picked.add(one)
  anchor = id
}

export function unpickAll(): void {
  picked.clear()
  outcomes.splice(0)
  anchor = null
}
