import { beforeEach, expect, it, vi } from 'vitest'
import type { CaseEvent, CasePage, CaseRow } from '@shared/model'
import { countEvent, counts, countsMeta, loadCounts } from '../store/counts'
import { loadMapCases, mapCases, placeOnMap, takeChanges } from '../store/mapcases'
import { openTab, placeRow, queue, queueRows } from '../store/queue'
import { rows, takeRow } from '../store/rows'

const served = vi.hoisted(() => ({ page: {} as unknown, counts: {} as unknown, map: {} as unknown }))
vi.mock('@shared/calls', () => ({
  getCases: () => Promise.resolve(served.page),
  getCounts: () => Promise.resolve(served.counts),
  getMapCases: () => Promise.resolve(served.map),
}))

function row(id: string, position: number, patch: Partial<CaseRow> = {}): CaseRow {
  return {
    id, number: null, version: 1, state: 'reported', kind: 'event', code: '0406', class_name: { zh: '', en: '' }, address: '', area: null,
    place: 'd', place_name: { zh: '', en: '' }, place_known: true, lon: 1, lat: 2, source: 'patrol', origin: 'live', reported_at: '', changed_at: '',
    closed_at: null, position, assignee: null, told_by_radio_at: null, clock: null, flags: null, external_number: '', deadline: null, photo_count: 0, report_count: 1, joined_into: null, ...patch,
  }
}
const snapshot = (position: number, ...ids: string[]) => ({
  position,
  whole: true,
  classes: { event0406: { kind: 'event', code: '0406', zh: '占道经营', en: 'Stalls on the road' } },
  cases: {
    id: ids, state: ids.map(() => 'filed'), class_key: ids.map((id) => (id === 'own' ? 'Dirty street' : 'event0406')), lon: ids.map(() => 1), lat: ids.map(() => 2),
    started_at: ids.map(() => null), due_at: ids.map(() => 60), paused: ids.map(() => false),
  },
})
const page = (items: CaseRow[], next: string | null = null): CasePage => ({ items, next, position: 10 })
const shown = () => queueRows.value.map(({ id }) => id)
const take = (changed: CaseRow) => { if (takeRow(changed)) placeRow(changed) }

beforeEach(() => {
  rows.clear()
  mapCases.clear()
})

it('puts a new case on top and takes one off that left the tab', async () => {
  served.page = page([row('b', 2), row('a', 1)])
  await openTab('reported')
  take(row('c', 11))
  expect(shown()).toEqual(['c', 'b', 'a'])
  take(row('b', 12, { state: 'filed' }))
  expect(shown()).toEqual(['c', 'a'])
})

it('ignores what is older than the row it holds', async () => {
  served.page = page([row('a', 5, { state: 'filed' })])
  await openTab('open')
  take(row('a', 4, { state: 'reported' }))
  expect(rows.get('a')?.state).toBe('filed')
})

it('leaves a case beyond the loaded pages to its page', async () => {
  served.page = page([row('m', 2)], 'm')
  await openTab('open')
  take(row('b', 11))
  expect(shown()).toEqual(['m'])
})

it('believes the stream where a page that was under way says otherwise', async () => {
  served.page = page([row('a', 5)])
  takeRow(row('a', 9, { state: 'filed' }))
  await openTab('reported')
  expect(shown()).toEqual([])
  expect(queue.phase).toBe('ready')
})

it('moves the counts once per position, and not before the snapshot', async () => {
  served.counts = { counts: { reported: 3, filed: 1 }, position: 20 }
  await loadCounts()
  const event = (position: number): CaseEvent => ({
    position, act: 'file', actor_name: '', recorded_at: '', from_state: 'reported', to_state: 'filed', case: row('a', position, { state: 'filed' }),
  })
  countEvent(event(20), undefined)
  countEvent(event(21), undefined)
  countEvent(event(21), undefined)
  expect([counts.reported, counts.filed, countsMeta.position]).toEqual([2, 2, 21])
})

it('keeps on the map what is open and has a place', async () => {
  placeOnMap(row('x', 30))
  placeOnMap(row('y', 31, { lon: null }))
  served.map = snapshot(29)
  await loadMapCases()
  expect([...mapCases.keys()]).toEqual(['x'])
  placeOnMap(row('x', 32, { state: 'closed' }))
  expect(mapCases.size).toBe(0)
})

it('reads the columns of the map as cases, with the sender\'s word where there is no class', async () => {
  served.map = snapshot(40, 'p', 'own')
  await loadMapCases()
  expect(mapCases.get('p')).toMatchObject({ state: 'filed', kind: 'event', code: '0406', class_name: { zh: '占道经营' }, clock: { due: 60_000, started: null } })
  expect(mapCases.get('own')).toMatchObject({ kind: null, code: null, class_name: { zh: 'Dirty street', en: 'Dirty street' } })
})

it('names what has changed since the map last asked', async () => {
  served.map = snapshot(50, 'p')
  await loadMapCases()
  expect(takeChanges()).toBe('all')
  placeOnMap(row('q', 51))
  placeOnMap(row('p', 49))
  expect(takeChanges()).toEqual(new Set(['q']))
  expect(takeChanges()).toEqual(new Set())
})
