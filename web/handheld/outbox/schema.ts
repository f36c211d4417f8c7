/** The database on the phone, and how a phone with an older one comes to it. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { KeptPhoto, Line } from './shapes'

export const NAME = 'lianqin-handheld'
export const VERSION = 1

/** A line of version 1 carries its photos itself. */
export interface Act1 extends Omit<Line, 'photos' | 'seq'> { seq?: number; photos?: Record<string, KeptPhoto[]> }
export interface Draft { person: string; key: string; value: unknown; at: string }
export interface Kept { person: string; key: string; value: unknown; at: string }
export interface PersonHere { id: string; name: string; at: string; here: boolean }

export interface Schema1 extends DBSchema {
  acts: { key: number; value: Act1 }
  drafts: { key: [string, string]; value: Draft }
  kept: { key: [string, string]; value: Kept }
  people: { key: string; value: PersonHere }
}

export function open(): Promise<IDBPDatabase<Schema1>> {
  return openDB<Schema1>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('acts', { keyPath: 'seq', autoIncrement: true })
      db.createObjectStore('drafts', { keyPath: ['person', 'key'] })
      db.createObjectStore('kept', { keyPath: ['person', 'key'] })
      db.createObjectStore('people', { keyPath: 'id' })
    },
  })
}
