/** A session that is left alone ends. Whoever moves or types here keeps it; before it ends, it is said. */
import { computed, ref } from 'vue'
import { csrfToken } from './api'

const ADDRESS = '/account/session'
/** How often a use is told at most, and how often the time left is looked at. */
const TELL_EVERY = 60_000
const LOOK_EVERY = 5_000
/** From here on the time left is shown. */
export const WARN_SECONDS = 120
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

interface Answer { signed_in: boolean; idle_seconds: number; seconds_left: number; at_most: boolean }

const ends = ref(Infinity)
const now = ref(0)
/** The shift's own limit is near: nothing that is done here moves it. */
export const atMost = ref(false)
let told = -Infinity
let checked = false
let timer: ReturnType<typeof setInterval> | undefined

/** Seconds until the session ends, once they are few; null before. */
export const secondsLeft = computed(() => {
  const left = Math.ceil((ends.value - now.value) / 1000)
  return left <= WARN_SECONDS ? Math.max(0, left) : null
})

async function ask(method: 'GET' | 'POST'): Promise<void> {
  const headers: Record<string, string> = method === 'POST' ? { 'X-CSRFToken': csrfToken() } : {}
  const answer = await fetch(ADDRESS, { method, headers, credentials: 'same-origin' }).catch(() => null)
  if (answer?.status === 401) {
    ends.value = performance.now()
  } else if (answer?.ok) {
    const said = (await answer.json()) as Answer
    ends.value = performance.now() + said.seconds_left * 1000
    atMost.value = said.at_most
  }
  now.value = performance.now()
}

/** Somebody is there. Told at once, then once a minute at most. */
export function stay(): void {
  if (performance.now() - told < TELL_EVERY) return
  told = performance.now()
  checked = false
  void ask('POST')
}

/** The button beside the warning: told whatever was told before. */
export function stayNow(): void {
  told = -Infinity
  stay()
}

async function look(): Promise<void> {
  now.value = performance.now()
  if (secondsLeft.value === null) {
    checked = false
  } else if (!checked) {
    // Another tab may have kept the session: the server knows.
    checked = true
    await ask('GET')
  }
}

/** Begins to watch; calling it again changes nothing. */
export function watchIdle(): void {
  if (timer !== undefined) return
  void ask('GET')
  told = performance.now()
  for (const sign of SIGNS) window.addEventListener(sign, stay, { passive: true, capture: true })
  timer = setInterval(() => void look(), LOOK_EVERY)
}

/** Ends the watch; for tests. */
export function endWatch(): void {
  clearInterval(timer)
  timer = undefined
  for (const sign of SIGNS) window.removeEventListener(sign, stay, { capture: true })
  ends.value = Infinity
  told = -Infinity
}
