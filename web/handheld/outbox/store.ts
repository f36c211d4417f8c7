/** Reads and writes of the phone's database: one transaction for each thing that is done. */
import { OutboxFull, type KeptPhoto, type Line } from './shapes'
import { open, type Database, type Draft, type Kept, type PersonHere } from './schema'
import { photosOf } from './order'

let opened: Promise<Database> | undefined

export function database(): Promise<Database> {
  opened ??= open(() => {
    opened = undefined
    // A newer version of the app has the database now; this page is the older one.
    if (typeof window !== 'undefined') window.location.reload()
  }).catch((reason: unknown) => {
    opened = undefined
    throw reason
  })
  return opened
}

/** For tests: lets go of the database. */
export async function close(): Promise<void> {
  const db = await opened?.catch(() => undefined)
  opened = undefined
  db?.close()
}

export const isFull = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'QuotaExceededError'

/** Runs a write; a phone without room is said in one way. */
async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (reason) {
    if (isFull(reason)) throw new OutboxFull()
    throw reason
  }
}

export const linesOf = async (person: string): Promise<Line[]> => (await database()).getAllFromIndex('lines', 'person', person)
export const allLines = async (): Promise<Line[]> => (await database()).getAll('lines')
export const lineOf = async (id: string): Promise<Line | undefined> => (await database()).getFromIndex('lines', 'id', id)

/** Puts a new line behind all others and clears the draft that it was made from. */
export async function append(line: Omit<Line, 'seq'>): Promise<Line> {
  const db = await database()
  return writing(async () => {
    const tx = db.transaction(['lines', 'photos', 'drafts'], 'readwrite')
    try {
      let bytes = 0
      for (const id of photosOf(line)) {
        const photo = await tx.objectStore('photos').get(id)
        if (!photo || photo.person !== line.person) throw new Error(`photo ${id} is not kept`)
        bytes += photo.bytes
      }
      const { draftNext, ...rest } = line
      const whole = { ...rest, bytes }
      const seq = await tx.objectStore('lines').add(whole as Line)
      if (line.draft && draftNext) await tx.objectStore('drafts').put({ person: line.person, key: line.draft, value: draftNext, at: line.madeAt })
      else if (line.draft) await tx.objectStore('drafts').delete([line.person, line.draft])
      await tx.done
      return { ...whole, seq }
    } catch (reason) {
      void tx.done.catch(() => undefined)
      try { tx.abort() } catch { /* it is over already */ }
      throw reason
    }
  })
}

/** Changes a line as it stands in the database; null from `how` leaves it. */
export async function change(seq: number, how: (line: Line) => Line | null): Promise<Line | null> {
  const db = await database()
  return writing(async () => {
    const tx = db.transaction('lines', 'readwrite')
    const found = await tx.store.get(seq)
    const next = found ? how(found) : null
    if (next) await tx.store.put(next)
    await tx.done
    return next
  })
}

/** Ends a line; what its photos were kept for is over. */
export async function finish(line: Line): Promise<void> {
  const tx = (await database()).transaction(['lines', 'photos'], 'readwrite')
  await tx.objectStore('lines').put(line)
  for (const id of photosOf(line)) await tx.objectStore('photos').delete(id)
  await tx.done
}

/** Takes a line out again while nothing of it has been sent; its photos stay. */
export async function takeOut(id: string): Promise<Line | null> {
  const tx = (await database()).transaction('lines', 'readwrite')
  const line = await tx.store.index('id').get(id)
  const free = line?.state === 'waiting' && !line.sentBody
  if (line && free) await tx.store.delete(line.seq)
  await tx.done
  return line && free ? line : null
}

export const photoOf = async (id: string): Promise<KeptPhoto | undefined> => (await database()).get('photos', id)

export async function putPhoto(photo: KeptPhoto): Promise<void> {
  const db = await database()
  await writing(() => db.put('photos', photo))
}

/** Forgets a photo unless a line names it. */
export async function dropPhoto(id: string): Promise<boolean> {
  const tx = (await database()).transaction(['lines', 'photos'], 'readwrite')
  const used = (await tx.objectStore('lines').getAll()).some((line) => photosOf(line).includes(id))
  if (!used) await tx.objectStore('photos').delete(id)
  await tx.done
  return !used
}

export const draftOf = async (person: string, key: string): Promise<Draft | undefined> => (await database()).get('drafts', [person, key])

export async function putDraft(draft: Draft): Promise<void> {
  const db = await database()
  await writing(() => db.put('drafts', draft))
}

export const dropDraft = async (person: string, key: string): Promise<void> => (await database()).delete('drafts', [person, key])

export const keptOf = async (person: string, key: string): Promise<Kept | undefined> => (await database()).get('kept', [person, key])

export async function putKept(kept: Kept): Promise<void> {
  const db = await database()
  await writing(() => db.put('kept', kept))
}

export const people = async (): Promise<PersonHere[]> => (await database()).getAll('people')

/** Notes who works on this phone now; null: nobody. */
export async function putPerson(person: { id: string; name: string } | null): Promise<void> {
  const tx = (await database()).transaction('people', 'readwrite')
  for (const one of await tx.store.getAll()) if (one.here) await tx.store.put({ ...one, here: false })
  if (person) await tx.store.put({ ...person, at: new Date().toISOString(), here: true })
  await tx.done
}

/** Forgets what ended before an instant, and photos of before then that nothing names. */
export async function sweep(before: string): Promise<void> {
  const tx = (await database()).transaction(['lines', 'photos', 'drafts'], 'readwrite')
  const named = new Set<string>()
  for (const line of await tx.objectStore('lines').getAll()) {
    if (line.endedAt && line.endedAt < before) await tx.objectStore('lines').delete(line.seq)
    else photosOf(line).forEach((id) => named.add(id))
  }
  const drafts = JSON.stringify(await tx.objectStore('drafts').getAll())
  for (let at = await tx.objectStore('photos').openCursor(); at; at = await at.continue()) {
    if (at.value.takenAt < before && !named.has(at.value.id) && !drafts.includes(at.value.id)) await at.delete()
  }
  await tx.done
}
