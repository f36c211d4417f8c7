/** Rows and territory as what the map draws. */
import type { Feature, FeatureCollection } from 'geojson'
import { nameOf } from '@shared/i18n/language'
import { glyphToken, readClock } from '@shared/limit'
import type { MapCase } from '../store/mapcases'
import { OPEN_STATES } from '@shared/states'

export type Features = FeatureCollection

/**
 * How urgent a case looks: 40 and up overdue, 20 and up near its limit; then the earlier the
 * stage, the more is still to be done. A cluster shows the highest within it.
 */
export function severity(row: MapCase, now: number): number {
  const reading = readClock(row.clock, row.state, now)
  const stage = OPEN_STATES.length - OPEN_STATES.indexOf(row.state)
  const near = reading.tone === 'warn' && (reading.share ?? 0) >= 0.8
  return (reading.overdue ? 40 : near ? 20 : 0) + Math.min(19, stage)
}

export function caseFeatures(rows: Iterable<MapCase>, now: number): Features {
  const features: Feature[] = []
  for (const row of rows) {
    if (row.lon === null || row.lat === null) continue
    const reading = readClock(row.clock, row.state, now)
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [row.lon, row.lat] },
      properties: {
        id: row.id,
        state: row.state,
        tone: glyphToken(row.state, reading),
        overdue: reading.overdue ? 1 : 0,
        sev: severity(row, now),
      },
    })
  }
  return { type: 'FeatureCollection', features }
}

/** Gives every feature of the territory a flat label in the chosen language, and sites a badge. */
export function labelled(features: Feature[], badge: (kind: string) => string): Features {
  return {
    type: 'FeatureCollection',
    features: features.map((feature) => {
      const properties = feature.properties ?? {}
      return {
        type: 'Feature',
        geometry: feature.geometry,
        properties: {
          layer: properties.layer,
          kind: properties.kind ?? '',
          label: nameOf(properties.name),
          badge: properties.layer === 'site' ? badge(properties.kind) : '',
        },
      }
    }),
  }
}

/** West, south, east, north of all coordinates; null for none. */
export function boundsOf(features: Feature[]): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return
    if (typeof value[0] === 'number' && typeof value[1] === 'number') {
      box[0] = Math.min(box[0], value[0])
      box[1] = Math.min(box[1], value[1])
      box[2] = Math.max(box[2], value[0])
      box[3] = Math.max(box[3], value[1])
    } else value.forEach(visit)
  }
  for (const { geometry } of features) if ('coordinates' in geometry) visit(geometry.coordinates)
  return Number.isFinite(box[0]) ? box : null
}
