/** What the screens see of the outbox. */
import { computed, ref, shallowRef } from 'vue'
import { open } from './order'
import type { Line, Sending } from './shapes'
import { allLines, linesOf, people } from './store'

export const person = shallowRef<{ id: string; name: string } | null>(null)
export const lines = shallowRef<Line[]>([])
export const sending = ref<Sending>('idle')
/** When it is tried again by itself; milliseconds, null while nothing is planned. */
export const nextTryAt = ref<number | null>(null)
/** Somebody else is signed in where this person's acts wait. */
export const signedInAs = shallowRef<string | null>(null)

export const counts = computed(() => {
  const left = lines.value.filter((line) => line.state !== 'sent' && line.state !== 'dropped')
  return {
    waiting: left.filter(open).length,
    conflict: left.filter((line) => line.state === 'conflict').length,
    refused: left.filter((line) => line.state === 'refused').length,
    photos: left.reduce((sum, line) => sum + Object.values(line.photos ?? {}).flat().length, 0),
    bytes: left.reduce((sum, line) => sum + line.bytes, 0),
  }
})

export const strangers = shallowRef<{ person: string; name: string; waiting: number }[]>([])

const unsent = (line: Line): boolean => line.state !== 'sent' && line.state !== 'dropped'

/** How many acts stay on this phone for want of sending, whoever made them. */
export const unsentElsewhere = async (): Promise<number> => (await allLines()).filter(unsent).length

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lianqin-outbox')
if (channel) channel.onmessage = () => void refresh(false)

/** Reads the lines anew after a change, and lets the other tabs do so. */
export async function refresh(tell = true): Promise<void> {
  const who = person.value
  if (tell) channel?.postMessage('changed')
  if (!who) return
  const found = await linesOf(who.id)
  if (person.value?.id === who.id) lines.value = found.sort((a, b) => a.seq - b.seq)
}

export async function countStrangers(): Promise<void> {
  const names = new Map((await people()).map((one) => [one.id, one.name]))
  const found = new Map<string, number>()
  for (const line of await allLines()) {
    if (unsent(line) && line.person !== person.value?.id) found.set(line.person, (found.get(line.person) ?? 0) + 1)
  }
  strangers.value = [...found].map(([id, waiting]) => ({ person: id, name: names.get(id) ?? '', waiting }))
}
