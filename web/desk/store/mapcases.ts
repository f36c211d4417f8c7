/** Open cases with a position, for the map. */
import { ref } from 'vue'
import { getMapCases } from '@shared/calls'
import type { CaseRow, MapCase } from '@shared/model'
import { stateInfo } from '@shared/states'

export const mapCases = new Map<string, MapCase>()
/** Moves with every change of `mapCases`, which is too large to be watched itself. */
export const mapVersion = ref(0)
const positions = new Map<string, number>()

export async function loadMapCases(): Promise<void> {
  const answer = await getMapCases()
  const seen = new Set<string>()
  for (const row of answer.cases) {
    seen.add(row.id)
    if ((positions.get(row.id) ?? 0) > answer.position) continue
    positions.set(row.id, answer.position)
    mapCases.set(row.id, row)
  }
  for (const id of mapCases.keys()) {
    if (!seen.has(id) && (positions.get(id) ?? 0) <= answer.position) mapCases.delete(id)
  }
  mapVersion.value++
}

export function placeOnMap(row: CaseRow): void {
  if ((positions.get(row.id) ?? 0) >= row.position) return
  positions.set(row.id, row.position)
  if (stateInfo(row.state).open && row.lon !== null && row.lat !== null) mapCases.set(row.id, row)
  else mapCases.delete(row.id)
  mapVersion.value++
}

export function dropFromMap(id: string, position: number): void {
  positions.set(id, position)
  mapCases.delete(id)
  mapVersion.value++
}
