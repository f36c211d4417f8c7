/** Cases and territory as what the map draws. */
import type { Feature, FeatureCollection, Point } from 'geojson'
import { nameOf } from '@shared/i18n/language'
import { glyphToken, readLight } from '@shared/limit'
import { OPEN_STATES, type Token } from '@shared/states'
import type { MapCase } from '../store/mapcases'

export type Features = FeatureCollection
export type CaseFeature = Feature<Point, Look & { id: string; state: string }>

/** How a case looks at an instant. */
export interface Look { tone: Token; overdue: 0 | 1; sev: number }

/** What a severity of 20 or 40 adds to: near the limit, over it. */
export const NEAR = 20
export const OVER = 40

/**
 * The severity says how urgent a case looks: 40 and up overdue, 20 and up near its limit; then
 * the earlier the stage, the more is still to be done. A cluster shows the highest within it.
 */
export function lookOf({ clock, state }: MapCase, now: number): Look {
  const reading = readLight(clock, now)
  const stage = Math.min(NEAR - 1, OPEN_STATES.length - OPEN_STATES.indexOf(state))
  const near = reading.tone === 'warn' && (reading.share ?? 0) >= 0.8
  const sev = stage + (reading.overdue ? OVER : near ? NEAR : 0)
  return { tone: glyphToken(state, reading), overdue: reading.overdue ? 1 : 0, sev }
}

export function caseFeature(row: MapCase, look: Look): CaseFeature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [row.lon, row.lat] },
    properties: { id: row.id, state: row.state, ...look },
  }
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
