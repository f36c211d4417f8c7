/** Open cases with a position, for the map. */
import { ref } from 'vue'
import { getMapCases } from '@shared/calls'
import type { CaseClock, CaseRow, MapRow } from '@shared/model'
import { stateInfo } from '@shared/states'
import { at } from './rows'

/** What the map draws of a case; a row that came by the stream brings its whole clock. */
export type MapCase = Pick<CaseRow, 'id' | 'number' | 'state' | 'kind' | 'code' | 'class_name' | 'lon' | 'lat'> & {
  clock: Partial<CaseClock> | null
}

export const mapCases = new Map<string, MapCase>()
/** Moves with every change of `mapCases`, which is too large to be watched itself. */
export const mapVersion = ref(0)
/** Journal position of what is known of a case, also of those that left the map. */
const positions = new Map<string, number>()

export async function loadMapCases(): Promise<void> {
  const answer = await getMapCases()
  const seen = new Set<string>()
  for (const row of answer.cases) {
    seen.add(row.id)
    if ((positions.get(row.id) ?? -1) >= at(row)) continue
    positions.set(row.id, at(row))
    mapCases.set(row.id, fromLight(row))
  }
  for (const id of mapCases.keys()) {
    if (!seen.has(id) && (positions.get(id) ?? 0) <= answer.position) mapCases.delete(id)
  }
  mapVersion.value++
}

function fromLight(row: MapRow): MapCase {
  return { ...row, clock: row.due_at ? { started_at: row.started_at ?? undefined, due_at: row.due_at } : null }
}

export function placeOnMap(row: CaseRow): void {
  if ((positions.get(row.id) ?? -1) >= at(row)) return
  positions.set(row.id, at(row))
  if (stateInfo(row.state).open && row.lon !== null && row.lat !== null) mapCases.set(row.id, row)
  else mapCases.delete(row.id)
  mapVersion.value++
}

export function dropFromMap(id: string, position: number): void {
  positions.set(id, position)
  mapCases.delete(id)
  mapVersion.value++
}
