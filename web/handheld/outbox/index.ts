/** What the phone keeps until the server has it: one way in for the screens. */
import { tellDeviceTime } from '@shared/api'
import { spend } from './drafts'
import { forget } from './photos'
import { photosOf } from './order'
import { halt, listen, sendNow } from './sender'
import { OutboxFull, type Line, type NewLine } from './shapes'
import { countStrangers, lines, person, refresh } from './state'
import { hold, look } from './storage'
import { append, putPerson, sweep } from './store'
import { asSomebody } from './who'

export * from './shapes'
export { counts, lines, nextTryAt, sending, signedInAs, strangers, unsentElsewhere } from './state'
export { storage } from './storage'
export { addPhoto, photoUrl, removePhoto } from './photos'
export { heldBack, sendNow } from './sender'
export { NotOffered, putRight, resolve, takeBack } from './choices'
export { useDraft } from './drafts'
export { keep, kept } from './kept'
export { lastPerson } from './who'

/** How long what is over stays listed. */
const LISTED = 7 * 24 * 3600_000

/** Opens the outbox for whoever works here now, and sends what waits. */
export async function start(who: { id: string; name: string }): Promise<void> {
  if (person.value?.id !== who.id) halt()
  await putPerson(who)
  await sweep(new Date(Date.now() - LISTED).toISOString())
  person.value = { id: who.id, name: who.name }
  lines.value = []
  await refresh(false)
  await countStrangers()
  tellDeviceTime()
  listen()
  void hold()
  sendNow()
}

/** Signs off this phone: what waits stays, and goes out when the same person is back. */
export async function leave(): Promise<void> {
  halt()
  lines.value.flatMap(photosOf).forEach(forget)
  person.value = null
  lines.value = []
  await putPerson(null)
  await countStrangers()
}

/** Puts an act into the outbox. What it was made from is cleared in the same transaction. */
export async function add(line: NewLine): Promise<Line> {
  const who = await asSomebody()
  const now = new Date().toISOString()
  const id = crypto.randomUUID()
  // Plain data: what the screen hands over may be reactive.
  const given = JSON.parse(JSON.stringify(line)) as NewLine
  try {
    const put = () => append({
      ...given, id, key: id, person: who.id, occurredAt: given.occurredAt ?? now, madeAt: now, state: 'waiting', attempts: 0, bytes: 0,
    })
    const added = await (line.draft ? spend(line.draft, put, given.draftNext) : put())
    await refresh()
    void look()
    sendNow()
    return added
  } catch (reason) {
    if (reason instanceof OutboxFull) await look(true)
    throw reason
  }
}
