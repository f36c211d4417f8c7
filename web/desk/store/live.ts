/** Ties the stream to the lists, the map and the counts. */
import { reactive } from 'vue'
import type { CaseEvent, CaseRow } from '@shared/model'
import { csrfToken } from '@shared/api'
import { noteFailure } from '@shared/health'
import { SharedStream, type StreamStatus } from '@shared/stream'
import { learnDemoTime, onPace, quickness, serverNow } from '@shared/time'
import { countEvent, countGone, countsSoon, countTime, loadCounts } from './counts'
import { dropFromMap, loadMapCases, placeOnMap } from './mapcases'
import { loadNotices, takeNotice } from './notices'
import { loadMe, me } from './session'
import { dropRow, placeByTime, placeRow, queue, reload } from './queue'
import { fresh, lastEvent, rows, takeRow } from './rows'

/** Milliseconds between looks at what time has changed; in a demo on faster time up to five times as often. */
const LOOK_EVERY = 5000
const MOST_OFTEN = 5

export const live = reactive({ status: 'starting' as StreamStatus, lastBeat: Date.now() })

let stream: SharedStream | null = null
const resetHooks = new Set<() => void>()

/** Joins the stream before the first snapshot is asked for, so that nothing falls between. */
export function joinStream(userId: string): void {
  stream ??= new SharedStream(`lianqin-stream:${userId}`, {
    onCase: takeEvent,
    onGone: (id, position) => {
      countGone(rows.get(id))
      dropRow(id)
      dropFromMap(id, position)
    },
    onReset: () => void refreshAll(),
    onTime: learnDemoTime,
    onNotice: takeNotice,
    onStatus: (status, lastBeat) => {
      // Notices have no place in the journal that a stream could go on from: who was away asks.
      if (status === 'live' && live.status !== 'live') void loadNotices().catch(() => undefined)
      Object.assign(live, { status, lastBeat })
    },
  })
}

export function startStream(position: number): void {
  resume(position)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) stream?.retryNow() })
  window.addEventListener('focus', () => void goOn())
  window.addEventListener('online', () => stream?.retryNow())
  window.addEventListener('pagehide', (event) => { if (!event.persisted) stream?.close() })
  keepTime()
  // Overdue depends on cases this desk has not loaded; a look each minute keeps the count honest.
  setInterval(() => { if (!document.hidden) void loadCounts().catch(() => undefined) }, 60_000)
}

/** Moves what follows from the time alone: often enough, however fast a demo's time runs. */
function keepTime(): void {
  let last = serverNow()
  let next: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(next)
    const now = serverNow()
    countTime(last, now)
    placeByTime(last, now)
    if (now >= dutyEnds()) void nextDuty()
    last = now
    next = setTimeout(look, LOOK_EVERY / Math.min(MOST_OFTEN, Math.max(1, quickness())))
  }
  onPace(() => {
    look()
    countsSoon()
  })
  look()
}

let asking: Promise<unknown> | null = null
/** Asks which shift it is now, one question at a time. */
async function nextDuty(): Promise<void> {
  asking ??= loadMe().catch(() => undefined)
  await asking
  asking = null
}

/** When the shift in the header is over. */
function dutyEnds(): number {
  return me.value ? Date.parse(me.value.duty.ends_at) : Infinity
}

/** Ends the session; the other tabs of this browser are told at once. False when it still stands. */
export async function signOut(): Promise<boolean> {
  const headers = { 'X-CSRFToken': csrfToken() }
  const answer = await fetch('/sign-out', { method: 'POST', headers, redirect: 'manual' }).catch(() => null)
  if (!answer) noteFailure('network')
  if (answer?.type !== 'opaqueredirect') return false
  stream?.finish()
  window.location.assign('/sign-in')
  return true
}

/** Somebody has signed in again, in another tab: this one goes on, with what was typed still on it. */
export async function goOn(): Promise<void> {
  const before = me.value?.user.id
  if (live.status !== 'ended' || before === undefined) return
  const who = await loadMe().catch(() => null)
  if (!who) return
  // Another person: nothing of the first one's may stay on the screen.
  if (who.user.id !== before) return window.location.reload()
  stream?.close()
  stream = null
  live.status = 'starting'
  joinStream(who.user.id)
  resume(who.position)
  await refreshAll()
}

function resume(position: number): void {
  stream?.start(position)
}

/** Called after every reset, by whoever holds a snapshot of its own. */
export function onReset(hook: () => void): () => void {
  resetHooks.add(hook)
  return () => resetHooks.delete(hook)
}

export async function refreshAll(): Promise<void> {
  resetHooks.forEach((hook) => hook())
  await Promise.allSettled([reload(), loadCounts(), loadMapCases()])
}

function takeEvent(event: CaseEvent): void {
  const before = rows.get(event.case.id)
  countEvent(event, before)
  if (!applyRow(event.case)) return
  flash(event.case.id)
  lastEvent.value = event
}

/** Takes in a row from an event or from the answer to a write. */
export function applyRow(row: CaseRow): boolean {
  if (!takeRow(row)) return false
  placeRow(row)
  placeOnMap(row)
  return true
}

/** The answer to an own write arrives before its event: counts move now, the event is then ignored. */
export function applyOwn(row: CaseRow): void {
  applyRow(row)
}

function flash(id: string): void {
  fresh.add(id)
  setTimeout(() => fresh.delete(id), 4000)
}

export { queue }
