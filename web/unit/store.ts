/** The unit's tasks as the server has them, kept fresh by the stream. */
import { computed, shallowRef } from 'vue'
import { getEndedTasks, getUnitTasks } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { Me, UnitTaskRow, UnitTasks } from '@shared/model'
import { Problem } from '@shared/problem'
import { listen } from '@shared/pagestream'
import { learnDemoTime } from '@shared/time'
import { loadMe } from '@desk/store/session'

/** Tabs: what is to do, the three parts of it, what waits for others, what is over. */
export const TABS = ['todo', 'new', 'in_hand', 'returned', 'waiting', 'ended'] as const
export type Tab = (typeof TABS)[number]

export const answer = shallowRef<UnitTasks | null>(null)
export const ended = shallowRef<{ items: UnitTaskRow[]; next: string | null } | null>(null)
export const problem = shallowRef<Problem | null>(null)

const inTab: Record<Tab, (row: UnitTaskRow) => boolean> = {
  todo: (row) => row.task.tab !== 'waiting',
  new: (row) => row.task.tab === 'new',
  in_hand: (row) => row.task.tab === 'in_hand' || row.task.tab === 'returned',
  returned: (row) => row.task.tab === 'returned',
  waiting: (row) => row.task.tab === 'waiting',
  ended: () => false,
}
export function rowsOf(tab: Tab): UnitTaskRow[] {
  if (tab === 'ended') return ended.value?.items ?? []
  return (answer.value?.items ?? []).filter(inTab[tab])
}
export const counts = computed(() => Object.fromEntries(TABS.map((tab) => [tab, rowsOf(tab).length])) as Record<Tab, number>)

export async function load(): Promise<void> {
  try {
    answer.value = await getUnitTasks()
    problem.value = null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problem.value = error
    if (error.unanswered) void whenBack().then(load)
  }
}

/** The first page of what is over, or the page after the one shown. */
export async function loadEnded(more = false): Promise<void> {
  try {
    const page = await getEndedTasks(more ? (ended.value?.next ?? '') : '')
    ended.value = { items: more ? [...(ended.value?.items ?? []), ...page.items] : page.items, next: page.next }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problem.value = error
  }
}

let wish: ReturnType<typeof setTimeout> | undefined
let held = 0

/** Asks again soon: once for many events, and not while a batch is being sent or nobody looks. */
export function soon(): void {
  if (held) return
  wish ??= setTimeout(() => {
    wish = undefined
    if (!document.hidden) void load()
    else document.addEventListener('visibilitychange', () => void load(), { once: true })
  }, 400)
}

/** Runs a batch; what the stream tells meanwhile is asked for once, when it is through. */
export async function without<T>(work: () => Promise<T>): Promise<T> {
  held++
  try {
    return await work()
  } finally {
    held--
    await load()
    soon()
  }
}

/** Follows the stream as whoever is signed in. */
export function follow(who: Me): void {
  listen({ id: who.user.id, position: who.position }, {
    onCase: soon,
    onGone: soon,
    onReset: soon,
    onTime: learnDemoTime,
  }, async () => {
    const again = await loadMe().catch(() => null)
    return again && { id: again.user.id, position: again.position }
  })
}
