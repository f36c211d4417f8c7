/**
 * One clock for the whole screen. It follows the server's: corrected by what the `Date` header
 * says, and in a demo install running at the pace that the server tells (演示时间).
 */
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import type { DemoTime } from './model'

let skew = 0

/** Called with every answer: a desk whose own clock is wrong must still count the limits right. */
export function learnServerTime(dateHeader: string | null): void {
  const at = dateHeader ? Date.parse(dateHeader) : NaN
  if (Number.isNaN(at)) return
  const difference = at - Date.now()
  // The header has whole seconds; smaller differences are noise.
  skew = Math.abs(difference) > 3000 ? difference : 0
}

interface Pace {
  /** What the server showed, and its machine's time, when this browser's clock stood at `at`. */
  shown: number
  real: number
  at: number
  speed: number
}

/** What the server told last about its demo time; null in a real install. */
export const demoTime = shallowRef<DemoTime | null>(null)
let pace: Pace | null = null
const hooks = new Set<() => void>()

/** Takes in the demo time as the server tells it; null where there is none. */
export function learnDemoTime(told: DemoTime | null): void {
  demoTime.value = told
  pace = told?.on
    ? { shown: Date.parse(told.shown), real: Date.parse(told.real), at: Date.now() - age(told), speed: told.paused ? 0 : told.speed }
    : null
  now.value = serverNow()
  hooks.forEach((hook) => hook())
}

/** How long ago it was told: a tab that slept hears late. Less than the header's precision is none. */
function age(told: DemoTime): number {
  const found = Date.now() + skew - Date.parse(told.real)
  return found > 5000 ? found : 0
}

/** Called whenever the pace was changed: what depends on the present is due again. */
export function onPace(hook: () => void): () => void {
  hooks.add(hook)
  return () => hooks.delete(hook)
}

/** The machine's time at the server, whatever it shows. */
export function realNow(): number {
  return pace ? pace.real + Date.now() - pace.at : Date.now() + skew
}

/** The present instant, as the server shows it. */
export function serverNow(): number {
  return shownAt(Date.now())
}

/** What the server showed, or shows, when this browser's own clock stands at an instant. */
export function shownAt(local: number): number {
  if (!pace) return local + skew
  return Math.min(pace.shown + (local - pace.at) * pace.speed, pace.real + local - pace.at)
}

/** How many times as fast as the machine's the shown time runs: 1 once it has caught up. */
export function quickness(): number {
  return pace && serverNow() < realNow() ? pace.speed : 1
}

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The current instant in milliseconds, moving every second while somebody looks. */
export function useNow(): Ref<number> {
  if (users++ === 0) {
    now.value = serverNow()
    timer = setInterval(() => { now.value = serverNow() }, 1000)
  }
  onScopeDispose(() => { if (--users === 0) clearInterval(timer) })
  return now
}

/** Whether the demo time has caught up with the machine's and goes on with it. */
export const atPresent = computed(() => {
  const told = demoTime.value
  return !!told && (!told.on || (now.value > 0 && !told.paused && serverNow() >= realNow()))
})
