/** The map's style, made of tokens: a quiet ground on which only what lives has colour. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { token, tokenPx } from '@shared/theme'
import { NUMBER_OFFSET } from './images'

export type SourceKey = 'territory' | 'cases' | 'selected'
export type LayerKey = 'areas' | 'sites' | 'cases' | 'streets'

/** Which layers a toggle governs. */
export const LAYERS_OF: Record<LayerKey, string[]> = {
  areas: ['community-line', 'subdistrict-line', 'subdistrict-label', 'community-label'],
  sites: ['site', 'site-label'],
  cases: ['cluster', 'case', 'selected-ring', 'selected'],
  streets: ['tracks', 'streets-edge', 'roads-edge', 'streets', 'roads', 'road-label'],
}

const NOTHING = { type: 'FeatureCollection' as const, features: [] }

const layerIs = (layer: string, ...kinds: string[]): ExpressionSpecification =>
  kinds.length
    ? ['all', ['==', ['get', 'layer'], layer], ['in', ['get', 'kind'], ['literal', kinds]]]
    : ['==', ['get', 'layer'], layer]

const concat = (...parts: unknown[]) => ['concat', ...parts] as unknown as ExpressionSpecification

const number = ['to-string', ['get', 'count']] as ExpressionSpecification

/** The worst case within, and room for the digits: one picture serves all numbers of a length. */
function clusterIcon(theme: string): ExpressionSpecification {
  return concat('cluster|', ['get', 'state'], '|', ['get', 'tone'], '|', ['get', 'overdue'], '|', ['length', number], '|', theme)
}

function caseIcon(theme: string): ExpressionSpecification {
  return concat('case|', ['get', 'state'], '|', ['get', 'tone'], '|', ['get', 'overdue'], '|', theme)
}

/** Greens, waters and streets: what any paper map shows, in greys that step back. */
function ground(fonts: string[]): LayerSpecification[] {
  const roads = layerIs('road', 'ring', 'arterial')
  const streets = layerIs('road', 'street')
  const tracks = layerIs('road', 'lane', 'minor')
  const wide = (narrow: number, broad: number): ExpressionSpecification =>
    ['interpolate', ['exponential', 1.5], ['zoom'], 11, narrow, 16, broad]
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  const name = { 'text-field': ['get', 'label'] as ExpressionSpecification, 'text-font': fonts, 'text-size': tokenPx('text-s') - 1 }
  const paint = { 'text-color': token('map-label'), 'text-halo-color': token('map-land'), 'text-halo-width': 1.2 }
  return [
    { id: 'green', type: 'fill', source: 'territory', filter: layerIs('green'), paint: { 'fill-color': token('map-green') } },
    { id: 'water', type: 'fill', source: 'territory', filter: layerIs('water'), paint: { 'fill-color': token('map-water') } },
    {
      id: 'tracks', type: 'line', source: 'territory', filter: tracks, minzoom: 12, layout: round,
      paint: { 'line-color': token('map-track'), 'line-width': wide(0.6, 6) },
    },
    {
      id: 'streets-edge', type: 'line', source: 'territory', filter: streets, minzoom: 11, layout: round,
      paint: { 'line-color': token('map-road-edge'), 'line-width': wide(1.2, 11) },
    },
    {
      id: 'roads-edge', type: 'line', source: 'territory', filter: roads, layout: round,
      paint: { 'line-color': token('map-road-edge'), 'line-width': wide(2.4, 16) },
    },
    {
      id: 'streets', type: 'line', source: 'territory', filter: streets, minzoom: 11, layout: round,
      paint: { 'line-color': token('map-road'), 'line-width': wide(0.6, 9) },
    },
    {
      id: 'roads', type: 'line', source: 'territory', filter: roads, layout: round,
      paint: { 'line-color': token('map-road'), 'line-width': wide(1.4, 14) },
    },
    { id: 'water-label', type: 'symbol', source: 'territory', filter: layerIs('water'), minzoom: 12.5, layout: name, paint },
    {
      id: 'road-label', type: 'symbol', source: 'territory', filter: ['==', ['get', 'layer'], 'road'], minzoom: 13.2,
      layout: { ...name, 'symbol-placement': 'line', 'symbol-spacing': 360, 'text-max-angle': 35 },
      paint,
    },
  ]
}

export function makeStyle(theme: string): StyleSpecification {
  // Drawn from the fonts of the computer: there is no server of glyphs.
  const fonts = token('font').split(',').map((name) => name.trim().replaceAll('"', ''))
  const label = {
    'text-color': token('map-label'),
    'text-halo-color': token('map-land'),
    'text-halo-width': 1.5,
  }
  const layers: LayerSpecification[] = [
    { id: 'void', type: 'background', paint: { 'background-color': token('map-void') } },
    { id: 'land', type: 'fill', source: 'territory', filter: layerIs('outline'), paint: { 'fill-color': token('map-land') } },
    ...ground(fonts),
    {
      id: 'community-line', type: 'line', source: 'territory', filter: layerIs('area', 'community', 'grid'), minzoom: 11.5,
      paint: { 'line-color': token('map-line-fine'), 'line-width': 1 },
    },
    {
      id: 'subdistrict-line', type: 'line', source: 'territory', filter: layerIs('area', 'subdistrict'),
      paint: { 'line-color': token('map-line'), 'line-width': 1.2 },
    },
    {
      id: 'outline', type: 'line', source: 'territory', filter: layerIs('outline'),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': token('map-edge'), 'line-width': 1.6 },
    },
    {
      id: 'community-label', type: 'symbol', source: 'territory', filter: layerIs('area', 'community'), minzoom: 13.2,
      layout: { 'text-field': ['get', 'label'], 'text-size': tokenPx('text-s') - 1, 'text-font': fonts, 'text-padding': 6, 'text-max-width': 8 },
      paint: { ...label, 'text-opacity': 0.85 },
    },
    {
      id: 'subdistrict-label', type: 'symbol', source: 'territory', filter: layerIs('area', 'subdistrict'),
      layout: { 'text-field': ['get', 'label'], 'text-size': tokenPx('text-m'), 'text-padding': 2, 'text-max-width': 8, 'text-font': fonts,
        // The name steps aside for the cases on it.
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right', 'top-left', 'bottom-right'], 'text-radial-offset': 1.6,
      },
      paint: label,
    },
    {
      // Below the badges, which are placed first: a name gives way to every one of them.
      id: 'site-label', type: 'symbol', source: 'territory', filter: layerIs('site'), minzoom: 12.8,
      layout: {
        'text-field': ['get', 'label'],
        'text-size': tokenPx('text-s') - 1,
        'text-font': fonts,
        'text-variable-anchor': ['left', 'bottom', 'top'],
        'text-radial-offset': 1.1,
        'text-max-width': 20,
      },
      paint: { ...label, 'text-color': token('ink2') },
    },
    {
      id: 'site', type: 'symbol', source: 'territory', filter: layerIs('site'), minzoom: 11,
      layout: {
        'icon-image': concat('site|', ['get', 'badge'], '|', theme),
        'icon-allow-overlap': ['step', ['zoom'], false, 12.5, true] as unknown as boolean,
      },
    },
    {
      id: 'cluster', type: 'symbol', source: 'cases', filter: ['has', 'count'],
      layout: {
        'icon-image': clusterIcon(theme),
        'icon-allow-overlap': true,
        'text-field': number,
        'text-offset': [NUMBER_OFFSET / tokenPx('text-s'), 0],
        'text-font': fonts,
        'text-size': tokenPx('text-s'),
        'text-allow-overlap': true,
        'symbol-sort-key': ['get', 'sev'],
      },
      paint: { 'text-color': token('ink') },
    },
    {
      id: 'case', type: 'symbol', source: 'cases', filter: ['!', ['has', 'count']],
      layout: { 'icon-image': caseIcon(theme), 'icon-allow-overlap': true, 'symbol-sort-key': ['get', 'sev'] },
    },
    {
      id: 'selected-ring', type: 'circle', source: 'selected',
      paint: {
        'circle-radius': 18,
        'circle-color': token('panel'),
        'circle-opacity': 0.9,
        'circle-stroke-color': token('primary'),
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'selected', type: 'symbol', source: 'selected', filter: ['has', 'state'],
      layout: { 'icon-image': caseIcon(theme), 'icon-allow-overlap': true },
    },
  ]
  return {
    version: 8,
    sources: {
      territory: { type: 'geojson', data: NOTHING },
      cases: { type: 'geojson', data: NOTHING },
      selected: { type: 'geojson', data: NOTHING },
    },
    layers,
  }
}
