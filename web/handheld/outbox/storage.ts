/** How much room is left on the phone; said before it runs out. */
import { ref } from 'vue'
import { counts } from './state'

const MEGABYTE = 1_000_000
/** Less than this, or than the room of ten photos, is little. */
const LITTLE = 50 * MEGABYTE
const USUAL_PHOTO = 3 * MEGABYTE
const NOTHING = 2 * MEGABYTE

export interface Room { usedBytes: number; freeBytes: number | null; persisted: boolean; tight: boolean; full: boolean }

export const storage = ref<Room>({ usedBytes: 0, freeBytes: null, persisted: false, tight: false, full: false })

/** Looks again; `refused` is what the last write met. */
export async function look(refused = false): Promise<void> {
  const manager = typeof navigator === 'undefined' ? undefined : navigator.storage
  if (!manager?.estimate) {
    storage.value = { ...storage.value, tight: refused, full: refused }
    return
  }
  const { usage = 0, quota } = await manager.estimate()
  const persisted = await manager.persisted?.() ?? false
  const free = quota === undefined ? null : Math.max(0, quota - usage)
  const { photos, bytes } = counts.value
  const photo = photos ? Math.max(bytes / photos, USUAL_PHOTO / 3) : USUAL_PHOTO
  storage.value = {
    usedBytes: usage, freeBytes: free, persisted,
    tight: refused || (free !== null && free < Math.max(LITTLE, 10 * photo)),
    full: refused || (free !== null && free < NOTHING),
  }
}

/** Asks that the browser never clears it away by itself; most grant it to an installed app only. */
export async function hold(): Promise<void> {
  const manager = typeof navigator === 'undefined' ? undefined : navigator.storage
  if (manager?.persist && !(await manager.persisted())) await manager.persist().catch(() => false)
  await look()
}
