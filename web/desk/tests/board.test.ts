import { expect, it } from 'vitest'
import { Board, SINGLE_FROM, type View } from '../map/board'
import type { MapCase } from '../store/mapcases'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const HOUR = 3_600_000
const AROUND: View = [117, 34, 118, 35]

function cases(...spots: [id: string, lon: number, lat: number, patch?: Partial<MapCase>][]): Map<string, MapCase> {
  const light = { state: 'handling', kind: null, code: null, class_name: { zh: '', en: '' }, clock: { started: null, due: null, paused: false } }
  return new Map(spots.map(([id, lon, lat, patch]) => [id, { ...light, id, lon, lat, ...patch }]))
}
const shown = (board: Board, zoom: number, view = AROUND) => board.features(view, zoom).map((feature) => feature.properties!)

it('puts near cases together until the zoom parts them', () => {
  const board = new Board(cases(['a', 117.2, 34.2], ['b', 117.2005, 34.2], ['c', 117.4, 34.4]))
  board.all(NOW)
  expect(shown(board, 10).map(({ count, id }) => count ?? id)).toEqual([2, 'c'])
  expect(shown(board, SINGLE_FROM).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

it('sees across the edge of a field', () => {
  // Fields of zoom 10 meet at a multiple of 56 / (512 · 2¹⁰) of the world.
  const fields = (512 * 2 ** 10) / 56
  const edge = (Math.round((117.3 / 360 + 0.5) * fields) / fields - 0.5) * 360
  const board = new Board(cases(['a', edge - 1e-4, 34.2], ['b', edge + 1e-4, 34.2]))
  board.all(NOW)
  expect(shown(board, 10)).toMatchObject([{ count: 2 }])
})

it('shows the worst case of a cluster and loses none', () => {
  const late = { clock: { started: NOW - 2 * HOUR, due: NOW - HOUR, paused: false } }
  const many = Array.from({ length: 500 }, (_, i): [string, number, number] => [`n${i}`, 117.1 + (i % 25) / 50, 34.1 + Math.floor(i / 25) / 50])
  const board = new Board(cases(...many, ['late', 117.21, 34.21, late]))
  board.all(NOW)
  for (const zoom of [8, 10, 12, 14]) {
    const found = shown(board, zoom)
    expect(found.reduce((sum, { count }) => sum + (count ?? 1), 0)).toBe(501)
    expect(found.filter(({ tone }) => tone === 'late')).toHaveLength(1)
  }
})

it('tells whether anything looks different, and what time alone changes', () => {
  const soon = { clock: { started: NOW - HOUR, due: NOW + HOUR, paused: false } }
  const all = cases(['a', 117.2, 34.2, soon], ['b', 117.3, 34.3])
  const board = new Board(all)
  board.all(NOW)
  expect(board.some(['a', 'b'], NOW)).toBe(false)
  expect(board.byTime(NOW + 2 * HOUR)).toBe(true)
  expect(shown(board, SINGLE_FROM)).toMatchObject([{ id: 'a', tone: 'late' }, { id: 'b' }])
  all.delete('a')
  expect(board.some(['a'], NOW)).toBe(true)
  expect(shown(board, SINGLE_FROM)).toMatchObject([{ id: 'b' }])
})

it('hands over a view and its surroundings, and knows how far they reach', () => {
  const board = new Board(cases(['in', 117.2, 34.2], ['beside', 117.24, 34.2], ['far', 117.9, 34.9]))
  board.all(NOW)
  const view: View = [117.15, 34.15, 117.22, 34.25]
  expect(shown(board, 15, view).map(({ id }) => id)).toEqual(['in', 'beside'])
  expect(board.covers([117.16, 34.15, 117.23, 34.25], 15.4)).toBe(true)
  expect(board.covers(view, 14.9)).toBe(false)
  expect(board.covers(AROUND, 15)).toBe(false)
})
