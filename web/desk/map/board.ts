/**
 * All cases of the map, put together into clusters for one zoom and one view at a time.
 *
 * The map library could cluster by itself, but is then sent every case at every change: one second
 * of a desk's time for 20,000. Here a change costs a pass over numbers, and the library gets what
 * is in view alone.
 */
import type { Feature } from 'geojson'
import type { MapCase } from '../store/mapcases'
import { caseFeature, lookOf, type Look } from './features'

/** West, south, east, north of what is in view. */
export type View = [number, number, number, number]

/** Pixels within which cases become one pill: about its own size, so that pills stand clear. */
const WIDE = 56
const HIGH = 30
/** From this zoom on every case stands for itself. */
export const SINGLE_FROM = 16
/** How far beyond the view, in parts of it, cases are handed over: a short pan needs nothing new. */
const AROUND = 0.6
const WORLD = 512

interface Spot { row: MapCase; look: Look; x: number; y: number }
interface Cell { x: number; y: number; n: number; worst: Spot; box: View; cx: number; cy: number; taken: boolean }

const mercatorX = (lon: number) => lon / 360 + 0.5
const mercatorY = (lat: number) => {
  const sine = Math.sin((lat * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}
const longitude = (x: number) => (x - 0.5) * 360
const latitude = (y: number) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI

export class Board {
  private readonly spots = new Map<string, Spot>()
  private covered: { zoom: number; view: View } | null = null

  constructor(private readonly cases: ReadonlyMap<string, MapCase>) {}

  /** Everything anew: after a snapshot. */
  all(now: number): void {
    this.spots.clear()
    for (const row of this.cases.values()) this.put(row, lookOf(row, now))
  }

  /** The cases of these ids; tells whether any of them looks different now. */
  some(ids: Iterable<string>, now: number): boolean {
    let moved = false
    for (const id of ids) {
      const row = this.cases.get(id)
      if (!row) moved = this.spots.delete(id) || moved
      else moved = this.place(row, now) || moved
    }
    return moved
  }

  /** Time alone turns a case towards its limit and over it. */
  byTime(now: number): boolean {
    return this.some(this.cases.keys(), now)
  }

  /** Whether what was last handed over serves this view too. */
  covers(view: View, zoom: number): boolean {
    const had = this.covered
    if (!had || had.zoom !== level(zoom)) return false
    return view[0] >= had.view[0] && view[1] >= had.view[1] && view[2] <= had.view[2] && view[3] <= had.view[3]
  }

  /** Clusters and single cases of a view and its surroundings. */
  features(view: View, zoom: number): Feature[] {
    const around = grown(view)
    this.covered = { zoom: level(zoom), view: around }
    const [left, bottom, right, top] = [mercatorX(around[0]), mercatorY(around[1]), mercatorX(around[2]), mercatorY(around[3])]
    const near: Spot[] = []
    for (const spot of this.spots.values()) {
      if (spot.x >= left && spot.x <= right && spot.y >= top && spot.y <= bottom) near.push(spot)
    }
    if (level(zoom) >= SINGLE_FROM) return near.map((spot) => caseFeature(spot.row, spot.look))
    const world = WORLD * 2 ** level(zoom)
    return merged(grid(near, world), world).map(cellFeature)
  }

  private place(row: MapCase, now: number): boolean {
    const held = this.spots.get(row.id)
    const look = lookOf(row, now)
    if (held?.row === row && held.look.sev === look.sev && held.look.tone === look.tone) return false
    this.put(row, look)
    return true
  }

  private put(row: MapCase, look: Look): void {
    this.spots.set(row.id, { row, look, x: mercatorX(row.lon), y: mercatorY(row.lat) })
  }
}

const level = (zoom: number) => Math.min(SINGLE_FROM, Math.floor(zoom))

function grown([west, south, east, north]: View): View {
  const [w, h] = [(east - west) * AROUND, (north - south) * AROUND]
  return [west - w, Math.max(-85, south - h), east + w, Math.min(85, north + h)]
}

const keyOf = (cx: number, cy: number) => cx * 2 ** 24 + cy

/** Every spot in the field that it lies in; `world` is the world's width in pixels. */
function grid(spots: Spot[], world: number): Map<number, Cell> {
  const cells = new Map<number, Cell>()
  for (const spot of spots) {
    const [cx, cy] = [Math.floor((spot.x * world) / WIDE), Math.floor((spot.y * world) / HIGH)]
    const key = keyOf(cx, cy)
    const cell = cells.get(key)
    if (cell) add(cell, spot.x, spot.y, 1, spot, [spot.row.lon, spot.row.lat, spot.row.lon, spot.row.lat])
    else {
      const { lon, lat } = spot.row
      cells.set(key, { x: spot.x, y: spot.y, n: 1, worst: spot, box: [lon, lat, lon, lat], cx, cy, taken: false })
    }
  }
  return cells
}

/** The centre moves by weight; the worst within stays in sight. */
function add(cell: Cell, x: number, y: number, n: number, worst: Spot, box: View): void {
  cell.x += ((x - cell.x) * n) / (cell.n + n)
  cell.y += ((y - cell.y) * n) / (cell.n + n)
  cell.n += n
  if (worst.look.sev > cell.worst.look.sev) cell.worst = worst
  cell.box = [Math.min(cell.box[0], box[0]), Math.min(cell.box[1], box[1]), Math.max(cell.box[2], box[2]), Math.max(cell.box[3], box[3])]
}

/** Fields know nothing of what lies just across their edge: neighbours too near become one. */
function merged(cells: Map<number, Cell>, world: number): Cell[] {
  const apart = (a: Cell, b: Cell) => Math.abs(a.x - b.x) * world >= WIDE || Math.abs(a.y - b.y) * world >= HIGH
  const bySize = [...cells.values()].sort((a, b) => b.n - a.n || a.cx - b.cx || a.cy - b.cy)
  for (const cell of bySize) {
    if (cell.taken) continue
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const other = dx || dy ? cells.get(keyOf(cell.cx + dx, cell.cy + dy)) : undefined
        if (!other || other.taken || apart(cell, other)) continue
        other.taken = true
        add(cell, other.x, other.y, other.n, other.worst, other.box)
      }
    }
  }
  return bySize.filter((cell) => !cell.taken)
}

function cellFeature(cell: Cell): Feature {
  const { row, look } = cell.worst
  if (cell.n === 1) return caseFeature(row, look)
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [longitude(cell.x), latitude(cell.y)] },
    properties: { count: cell.n, state: row.state, tone: look.overdue ? 'late' : look.tone, overdue: look.overdue, sev: look.sev, box: cell.box.join(' ') },
  }
}
