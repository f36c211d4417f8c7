/** The server's last answers, so that every tab shows something without a signal and says as of when. */
import { OutboxFull } from './shapes'
import { look } from './storage'
import { keptOf, putKept } from './store'
import { asSomebody } from './who'

/** Keeps an answer. A phone without room goes without: what was typed comes first. */
export async function keep(key: string, value: unknown): Promise<void> {
  const who = await asSomebody()
  try {
    await putKept({ person: who.id, key, value: JSON.parse(JSON.stringify(value)), at: new Date().toISOString() })
  } catch (reason) {
    if (!(reason instanceof OutboxFull)) throw reason
    await look(true)
  }
}

/** The last answer and the device's time of it. */
export async function kept<T>(key: string): Promise<{ value: T; at: string } | null> {
  const found = await keptOf((await asSomebody()).id, key)
  return found ? { value: found.value as T, at: found.at } : null
}
