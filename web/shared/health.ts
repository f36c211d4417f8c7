/** Whether the server answers, and since when it does not. */
import { shallowRef } from 'vue'

export type Outage = { what: 'network' | 'database'; since: number }

/** Null while all is well. */
export const outage = shallowRef<Outage | null>(null)

const waiting = new Set<() => void>()
let ping: ReturnType<typeof setTimeout> | undefined

export function noteFailure(what: Outage['what']): void {
  outage.value = { what, since: outage.value?.since ?? Date.now() }
  ping ??= setTimeout(ask, 3000)
}

/** Any answer of the server that is not "the database is away" ends the outage. */
export function noteAnswer(): void {
  if (!outage.value) return
  outage.value = null
  clearTimeout(ping)
  ping = undefined
  for (const done of [...waiting]) done()
  waiting.clear()
}

/** Resolves when the server answers again, or at once when it does. */
export function whenBack(): Promise<void> {
  return outage.value ? new Promise((resolve) => waiting.add(resolve)) : Promise.resolve()
}

async function ask(): Promise<void> {
  ping = undefined
  try {
    const answer = await fetch('/api/v1/me', { headers: { Accept: 'application/json' }, cache: 'no-store' })
    const away = answer.status === 503 || answer.status === 502 || answer.status === 504
    if (!away) return noteAnswer()
    noteFailure(answer.status === 503 ? 'database' : 'network')
  } catch {
    noteFailure('network')
  }
}
