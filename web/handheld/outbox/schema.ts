/** The database on the phone, and how a phone with an older one comes to it. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import type { KeptPhoto, Line } from './shapes'

export const NAME = 'lianqin-handheld'
export const VERSION = 2

export interface Draft { person: string; key: string; value: unknown; at: string }
export interface Kept { person: string; key: string; value: unknown; at: string }
export interface PersonHere { id: string; name: string; at: string; here: boolean }

/** A line of version 1 carries its photos itself. */
export interface Act1 extends Omit<Line, 'photos' | 'key' | 'bytes' | 'uploads'> { photos?: Record<string, Photo1[]> }
export interface Photo1 extends KeptPhoto { fileId?: string }

/** Version 1: photos lie inside the act, or as drafts (`photo:<id>`) while no act has taken them. */
export interface Schema1 extends DBSchema {
  acts: { key: number; value: Act1 }
  drafts: { key: [string, string]; value: Draft }
  kept: { key: [string, string]; value: Kept }
  people: { key: string; value: PersonHere }
}

export interface Schema extends DBSchema {
  lines: { key: number; value: Line; indexes: { person: string; id: string } }
  photos: { key: string; value: KeptPhoto; indexes: { person: string } }
  drafts: { key: [string, string]; value: Draft; indexes: { person: string } }
  kept: { key: [string, string]; value: Kept }
  people: { key: string; value: PersonHere }
}

export type Database = IDBPDatabase<Schema>
type Upgrade<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], 'versionchange'>

/** Only waits for the database itself: anything else would let the upgrade's transaction end early. */
export async function upgrade(db: Database, from: number, tx: Upgrade<Schema>): Promise<void> {
  const old = db as unknown as IDBPDatabase<Schema1>
  if (from < 1) createFirst(old)
  if (from < 2) await toSecond(db, old, tx)
}

export function createFirst(db: IDBPDatabase<Schema1>): void {
  db.createObjectStore('acts', { keyPath: 'seq', autoIncrement: true })
  db.createObjectStore('drafts', { keyPath: ['person', 'key'] })
  db.createObjectStore('kept', { keyPath: ['person', 'key'] })
  db.createObjectStore('people', { keyPath: 'id' })
}

/** Photos into a store of their own. Act by act, so that a full phone never holds them all at once. */
async function toSecond(db: Database, old: IDBPDatabase<Schema1>, tx: Upgrade<Schema>): Promise<void> {
  const lines = db.createObjectStore('lines', { keyPath: 'seq', autoIncrement: true })
  lines.createIndex('person', 'person')
  lines.createIndex('id', 'id', { unique: true })
  const photos = db.createObjectStore('photos', { keyPath: 'id' })
  photos.createIndex('person', 'person')
  const drafts = tx.objectStore('drafts')
  drafts.createIndex('person', 'person')
  const acts = (tx as unknown as Upgrade<Schema1>).objectStore('acts')
  for (let at = await acts.openCursor(); at; at = await at.continue()) {
    const { line, kept } = split(at.value)
    for (const photo of kept) await photos.put(photo)
    await lines.put(line)
  }
  for (let at = await drafts.openCursor(); at; at = await at.continue()) {
    if (!at.value.key.startsWith('photo:')) continue
    await photos.put(at.value.value as KeptPhoto)
    await at.delete()
  }
  old.deleteObjectStore('acts')
}

function split(act: Act1): { line: Line; kept: KeptPhoto[] } {
  const fields = Object.entries(act.photos ?? {})
  const carried = fields.flatMap(([, photos]) => photos)
  const kept = carried.map(({ fileId: _, ...photo }) => ({ ...photo, person: act.person }))
  const { photos: _, ...rest } = act
  const line: Line = { ...rest, key: act.id, bytes: kept.reduce((sum, photo) => sum + photo.bytes, 0) }
  if (fields.length) line.photos = Object.fromEntries(fields.map(([field, list]) => [field, list.map((photo) => photo.id)]))
  if (carried.length) line.uploads = Object.fromEntries(carried.map(({ id, fileId }) => [id, { key: id, ...(fileId ? { fileId } : {}) }]))
  return { line, kept }
}

/** Opens it; `replaced` is called when a newer version of the app, in another tab, wants the database. */
export function open(replaced: () => void): Promise<Database> {
  return openDB<Schema>(NAME, VERSION, {
    upgrade: (db, from, _to, tx) => {
      // Whole or not at all: what fails half way would be committed as far as it came.
      upgrade(db, from, tx).catch(() => { try { tx.abort() } catch { /* it has ended already */ } })
      tx.done.catch(() => undefined)
    },
    blocking: (_now, _wanted, event) => {
      ;(event.target as IDBDatabase).close()
      replaced()
    },
  })
}
