/** The list beside the map: one tab, loaded page by page, kept in order by the stream. */
import { computed, reactive, shallowRef } from 'vue'
import { getCases } from '@shared/calls'
import type { CaseRow, Tab } from '@shared/model'
import { Problem } from '@shared/problem'
import { serverNow } from '@shared/time'
import { belongs, compareRows, rows, takeRow } from './rows'

/** The first page is what a screen shows and a little more; the rest comes while one reads. */
const FIRST_PAGE = 50
const PAGE = 100

export const queue = reactive({
  tab: 'open' as Tab,
  q: '',
  next: null as string | null,
  phase: 'loading' as 'loading' | 'ready' | 'more' | 'failed',
  problem: null as Problem | null,
})
const ids = shallowRef<string[]>([])
let round = 0

let firstShown: () => void
/** When the first rows (or the word that there are none) have been painted. */
export const rowsShown = new Promise<void>((resolve) => {
  // A page that nobody looks at paints nothing: then it is enough that they are there.
  firstShown = () => (typeof document === 'undefined' || document.hidden ? resolve() : requestAnimationFrame(() => setTimeout(resolve)))
})

export const queueRows = computed(() => ids.value.map((id) => rows.get(id)).filter((row): row is CaseRow => !!row))

export async function openTab(tab: Tab, q = ''): Promise<void> {
  Object.assign(queue, { tab, q })
  await reload()
}

/** Fetches the first page again; what is shown stays until the answer is here. */
export async function reload(): Promise<void> {
  const mine = ++round
  Object.assign(queue, { phase: 'loading', problem: null })
  await fetchPage(mine, undefined)
}

export async function loadMore(): Promise<void> {
  if (queue.phase !== 'ready' || !queue.next) return
  queue.phase = 'more'
  await fetchPage(round, queue.next)
}

async function fetchPage(mine: number, after: string | undefined): Promise<void> {
  try {
    const page = await getCases({ tab: queue.tab, after, limit: after ? PAGE : FIRST_PAGE, q: queue.q || undefined })
    if (mine !== round) return
    page.items.forEach(takeRow)
    const now = serverNow()
    // A row may have moved on by the stream while the page was under way.
    const here = page.items.map((row) => rows.get(row.id)!).filter((row) => belongs(row, queue.tab, now) || !!queue.q)
    const kept = after ? ids.value : []
    const known = new Set(kept)
    ids.value = [...kept, ...here.map((row) => row.id).filter((id) => !known.has(id))]
    Object.assign(queue, { next: page.next, phase: 'ready', problem: null })
    firstShown()
  } catch (error) {
    firstShown()
    if (mine !== round || !(error instanceof Problem)) return
    Object.assign(queue, { phase: 'failed', problem: error })
  }
}

/** Puts a changed row into, out of or to another place of the list. */
export function placeRow(row: CaseRow): void {
  const at = ids.value.indexOf(row.id)
  const rest = at < 0 ? ids.value : ids.value.toSpliced(at, 1)
  const fixed = !!queue.q || queue.tab === 'approvals'
  const stays = fixed ? at >= 0 : belongs(row, queue.tab, serverNow())
  if (!stays) {
    if (at >= 0) ids.value = rest
    return
  }
  if (fixed) return
  let index = rest.findIndex((id) => compareRows(row, rows.get(id)!) < 0)
  if (index < 0) {
    // Beyond the last loaded row: it will come with a later page.
    if (queue.next) {
      if (at >= 0) ids.value = rest
      return
    }
    index = rest.length
  }
  if (index !== at) ids.value = rest.toSpliced(index, 0, row.id)
}

/** Time moves rows onto the overdue tab without any event. */
export function placeByTime(from: number, to: number): void {
  if (queue.tab !== 'overdue' || queue.q) return
  for (const row of rows.values()) {
    const due = row.clock?.due_at ? Date.parse(row.clock.due_at) : 0
    if (due >= from && due < to) placeRow(row)
  }
}

export function dropRow(id: string): void {
  rows.delete(id)
  if (ids.value.includes(id)) ids.value = ids.value.filter((other) => other !== id)
}
