/** One clock for the whole screen, corrected by what the server's `Date` header says. */
import { onScopeDispose, ref, type Ref } from 'vue'

let skew = 0

/** Called with every answer: a desk whose own clock is wrong must still count the limits right. */
export function learnServerTime(dateHeader: string | null): void {
  const at = dateHeader ? Date.parse(dateHeader) : NaN
  if (Number.isNaN(at)) return
  const difference = at - Date.now()
  // The header has whole seconds; smaller differences are noise.
  skew = Math.abs(difference) > 3000 ? difference : 0
}

export function serverNow(): number {
  return Date.now() + skew
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
