import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { openDB, type IDBPDatabase } from 'idb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { NAME, createFirst, open, type Schema1 } from '../schema'
import first from './version-1.json'

interface Packed { base64: string; type: string }

/** Puts the pictures of the checked-in content back. */
function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack)
  if (!value || typeof value !== 'object') return value
  const packed = value as Partial<Packed>
  if (packed.base64 !== undefined) return new Blob([Buffer.from(packed.base64, 'base64')], { type: packed.type })
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpack(one)]))
}

const STORES = ['acts', 'drafts', 'kept', 'people'] as const

async function filled(): Promise<void> {
  const db = await openDB<Schema1>(NAME, 1, { upgrade: (made) => createFirst(made) })
  for (const store of STORES) for (const row of unpack(first[store]) as never[]) await db.put(store, row)
  db.close()
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  await filled()
})
afterEach(() => { vi.restoreAllMocks() })

async function expectWhole(): Promise<void> {
  const db = await open(() => undefined)
  expect(db.version).toBe(2)
  expect([...db.objectStoreNames]).toEqual(['drafts', 'kept', 'lines', 'people', 'photos'])
  const lines = await db.getAll('lines')
  expect(lines).toHaveLength(first.acts.length)
  lines.forEach((line, n) => {
    const { photos, ...rest } = first.acts[n] as (typeof first.acts)[number] & { photos?: Record<string, { id: string; bytes: number; fileId?: string }[]> }
    expect(line).toMatchObject(rest)
    // The key under which it may have been sent already stays the same.
    expect(line.key).toBe(rest.id)
    const ids = Object.fromEntries(Object.entries(photos ?? {}).map(([field, list]) => [field, list.map((one) => one.id)]))
    expect(line.photos ?? {}).toEqual(ids)
    expect(Object.values(line.uploads ?? {}).map((one) => one.fileId)).toEqual(Object.values(photos ?? {}).flat().map((one) => (one as { fileId?: string }).fileId))
    expect(line.bytes).toBe(Object.values(photos ?? {}).flat().reduce((sum, one) => sum + one.bytes, 0))
  })
  expect((await db.getAllFromIndex('lines', 'person', first.people[1]!.id)).map((line) => line.seq)).toEqual([6])
  await expectPhotos(db as unknown as IDBPDatabase)
  expect((await db.getAll('drafts')).map((draft) => draft.key)).toEqual(['report'])
  expect(await db.getAll('kept')).toEqual(first.kept)
  expect(await db.getAll('people')).toEqual(first.people)
  // New lines come behind the old ones.
  const { seq: _, ...again } = lines[0]!
  expect(await db.add('lines', { ...again, id: 'new' } as never)).toBe(7)
  db.close()
}

async function expectPhotos(db: IDBPDatabase): Promise<void> {
  const packed = [...first.acts.flatMap((act) => Object.values((act as { photos?: Record<string, object[]> }).photos ?? {}).flat()), first.drafts[1]!.value]
  const photos = await db.getAll('photos') as { id: string; blob: Blob }[]
  expect(photos).toHaveLength(5)
  for (const old of packed as { id: string; blob: Packed }[]) {
    const photo = photos.find((one) => one.id === old.id)
    expect(Buffer.from(await photo!.blob.arrayBuffer()).toString('base64')).toBe(old.blob.base64)
  }
}

it('brings a filled version 1 over whole', expectWhole)

it.each([
  [1, 'killed'], [3, 'killed'], [7, 'killed'], [1, 'failing'], [6, 'failing'],
])('is still version 1, whole, when at write %i it is %s; the next start brings it over', async (at, how) => {
  let writes = 0
  const put = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    if (++writes === at) {
      if (how === 'failing') throw new TypeError('not to be kept')
      this.transaction.abort()
    }
    return put.apply(this, given)
  })
  await expect(open(() => undefined)).rejects.toThrow()
  vi.restoreAllMocks()
  const old = await openDB<Schema1>(NAME)
  expect(old.version).toBe(1)
  expect(await old.count('acts')).toBe(first.acts.length)
  expect(await old.count('drafts')).toBe(first.drafts.length)
  old.close()
  await expectWhole()
})

it('makes an empty database at once', async () => {
  globalThis.indexedDB = new IDBFactory()
  const db = await open(() => undefined)
  expect([...db.objectStoreNames]).toEqual(['drafts', 'kept', 'lines', 'people', 'photos'])
  db.close()
})
