/** What the commander's phone holds: told, asked for, who is where, who deputises. */
import { shallowRef } from 'vue'
import { getApprovals, getCrewsNow, getDeputies } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { Approvals, CrewsNow, Deputies, Me } from '@shared/model'
import { Problem } from '@shared/problem'
import { listen } from '@shared/pagestream'
import { learnDemoTime } from '@shared/time'
import { loadMe } from '@desk/store/session'
import { loadNotices, takeNotice } from '@desk/store/notices'

export const TABS = ['alerts', 'approvals', 'crews', 'deputies'] as const
export type Tab = (typeof TABS)[number]

export const approvals = shallowRef<Approvals | null>(null)
export const crews = shallowRef<CrewsNow | null>(null)
export const deputies = shallowRef<Deputies | null>(null)
export const problem = shallowRef<Problem | null>(null)

const loaders: Record<Tab, () => Promise<void>> = {
  alerts: loadNotices,
  approvals: async () => { approvals.value = await getApprovals() },
  crews: async () => { crews.value = await getCrewsNow() },
  deputies: async () => { deputies.value = await getDeputies() },
}

/** Reads what a tab shows; a server that is away is asked again when it is back. */
export async function load(tab: Tab): Promise<void> {
  try {
    await loaders[tab]()
    problem.value = null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problem.value = error
    if (error.unanswered) void whenBack().then(() => load(tab))
  }
}

/** Tabs that are read anew soon: once for many events, and not while nobody looks. */
const wished = new Set<Tab>()
let timer: ReturnType<typeof setTimeout> | undefined
export function soon(...tabs: Tab[]): void {
  tabs.forEach((tab) => wished.add(tab))
  timer ??= setTimeout(() => {
    timer = undefined
    if (document.hidden) return document.addEventListener('visibilitychange', () => soon(), { once: true })
    for (const tab of wished) void load(tab)
    wished.clear()
  }, 600)
}

/** Acts after which somebody may wait for a word, or no longer does. */
const ASKED = /^(ask_|dispute|appeal|endorse|grant|refuse|withdraw_request|designate|close|cancel)/
/** Acts that change what a crew is at. */
const WORKED = /^(dispatch|add_task|withdraw_task|designate|accept|under_way|on_scene|report_back|send_back|grant|rework|check_fail|cancel)/

/** Follows the stream as whoever is signed in. */
export function follow(who: Me): void {
  listen({ id: who.user.id, position: who.position }, {
    onCase: (event) => {
      if (ASKED.test(event.act)) soon('approvals')
      if (WORKED.test(event.act)) soon('crews')
    },
    onGone: () => soon('approvals', 'crews'),
    onReset: () => soon(...TABS),
    onTime: learnDemoTime,
    onNotice: takeNotice,
  }, async () => {
    const again = await loadMe().catch(() => null)
    return again && { id: again.user.id, position: again.position }
  })
}

/** Why something was refused, in the server's words. */
export function whyOf(found: Problem | null): string {
  if (!found) return ''
  return found.body.errors?.map((one) => one.message).join(' ') || [found.body.title, found.body.detail].filter(Boolean).join(' · ') || found.message
}
