/** Open cases with a position, for the map. */
import { ref } from 'vue'
import { getMapCases } from '@shared/calls'
import { lightClock, type LightClock } from '@shared/limit'
import type { CaseRow, CaseState, MapAnswer, Names } from '@shared/model'
import { stateInfo } from '@shared/states'
import { at } from './rows'

/** What the map knows of a case: little, because there may be 20,000. */
export interface MapCase {
  id: string
  state: CaseState
  kind: string | null
  code: string | null
  class_name: Names
  lon: number
  lat: number
  clock: LightClock
}

export const mapCases = new Map<string, MapCase>()
/** Moves with every change of `mapCases`, which is too large to be watched itself. */
export const mapVersion = ref(0)
/** Whether every open case with a position is here; false when the server holds more than a map takes. */
export const mapWhole = ref(true)
/** Whether the first snapshot has come: before it an empty map says nothing. */
export const mapLoaded = ref(false)
/** Journal position of what is known of a case, also of those that left the map. */
const positions = new Map<string, number>()
/** Ids of what has changed since the map last drew; all of it after a new snapshot. */
let changed = new Set<string>()
let anew = false

export async function loadMapCases(): Promise<void> {
  const answer = await getMapCases()
  const seen = new Set<string>(answer.cases.id)
  for (const row of unfold(answer)) {
    if ((positions.get(row.id) ?? -1) > answer.position) continue
    positions.set(row.id, answer.position)
    mapCases.set(row.id, row)
  }
  for (const id of mapCases.keys()) {
    if (!seen.has(id) && (positions.get(id) ?? 0) <= answer.position) mapCases.delete(id)
  }
  mapWhole.value = answer.whole
  mapLoaded.value = true
  anew = true
  mapVersion.value++
}

/** The answer's columns as rows. */
function* unfold({ cases, classes }: MapAnswer): Generator<MapCase> {
  const milliseconds = (seconds: number | null) => (seconds === null ? null : seconds * 1000)
  const unclassed = new Map<string, { kind: null; code: null; zh: string; en: string }>()
  for (const [i, id] of cases.id.entries()) {
    const key = cases.class_key[i]!
    let found = classes[key] ?? unclassed.get(key)
    if (!found) unclassed.set(key, (found = { kind: null, code: null, zh: key, en: key }))
    yield {
      id,
      state: cases.state[i]!,
      kind: found.kind,
      code: found.code,
      class_name: found,
      lon: cases.lon[i]!,
      lat: cases.lat[i]!,
      clock: { started: milliseconds(cases.started_at[i]!), due: milliseconds(cases.due_at[i]!), paused: cases.paused[i]! },
    }
  }
}

/** A whole row as the map keeps it; null without a position. */
export function toMapCase(row: CaseRow): MapCase | null {
  const { id, state, kind, code, class_name, lon, lat } = row
  return lon === null || lat === null ? null : { id, state, kind, code, class_name, lon, lat, clock: lightClock(row.clock) }
}

export function placeOnMap(row: CaseRow): void {
  if ((positions.get(row.id) ?? -1) >= at(row)) return
  positions.set(row.id, at(row))
  const light = stateInfo(row.state).open ? toMapCase(row) : null
  if (light) mapCases.set(row.id, light)
  else mapCases.delete(row.id)
  moved(row.id)
}

export function dropFromMap(id: string, position: number): void {
  positions.set(id, position)
  mapCases.delete(id)
  moved(id)
}

function moved(id: string): void {
  changed.add(id)
  mapVersion.value++
}

/** What the map has to draw again since it last asked: "all", or the ids that changed. */
export function takeChanges(): 'all' | Set<string> {
  const found = anew ? 'all' : changed
  changed = new Set()
  anew = false
  return found
}
