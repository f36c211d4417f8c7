/** The map itself: made once, told what to draw. */
import { LngLatBounds, Map as GlMap, ScaleControl, setWorkerUrl, type GeoJSONSource, type MapLayerMouseEvent } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { token } from '@shared/theme'
import { boundsOf, type Features } from './features'
import { PIXEL_RATIO, picture } from './images'
import { LAYERS_OF, makeStyle, type LayerKey, type MapData } from './style'

setWorkerUrl(workerUrl)

export interface MapEvents {
  onCase(id: string): void
  onHover(id: string | null, x: number, y: number): void
  onPlace(lon: number, lat: number): void
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

export class DeskMap {
  private readonly map: GlMap
  private data: MapData
  private hidden = new Set<LayerKey>()
  private home: LngLatBounds | null = null
  private picking = false

  constructor(container: HTMLElement, theme: string, data: MapData, words: Record<string, string>, private readonly events: MapEvents) {
    this.data = data
    this.map = new GlMap({
      container,
      style: makeStyle(theme, data),
      center: [0, 0],
      zoom: 1,
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: token('font'),
      locale: words,
      fadeDuration: 0,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right')
    this.map.setMissingStyleImageResolver((id) => {
      const drawn = picture(id)
      if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn, { pixelRatio: PIXEL_RATIO })
    })
    this.listen()
  }

  private listen(): void {
    const { map, events } = this
    map.on('click', (event) => { if (this.picking) events.onPlace(event.lngLat.lng, event.lngLat.lat) })
    map.on('click', 'case', (event) => this.caseAt(event, (id) => events.onCase(id)))
    map.on('click', 'cluster', (event) => void this.openCluster(event))
    map.on('mousemove', 'case', (event) => this.caseAt(event, (id) => events.onHover(id, event.point.x, event.point.y)))
    map.on('mouseleave', 'case', () => events.onHover(null, 0, 0))
    for (const layer of ['case', 'cluster']) {
      map.on('mouseenter', layer, () => this.cursor('pointer'))
      map.on('mouseleave', layer, () => this.cursor(''))
    }
  }

  private cursor(shape: string): void {
    this.map.getCanvas().style.cursor = this.picking ? 'crosshair' : shape
  }

  private caseAt(event: MapLayerMouseEvent, use: (id: string) => void): void {
    const id: unknown = event.features?.[0]?.properties.id
    if (typeof id === 'string' && !this.picking) use(id)
  }

  private async openCluster(event: MapLayerMouseEvent): Promise<void> {
    const feature = event.features?.[0]
    const source = this.map.getSource<GeoJSONSource>('cases')
    if (!feature || !source || this.picking || feature.geometry.type !== 'Point') return
    const zoom = await source.getClusterExpansionZoom(feature.properties.cluster_id)
    this.map.easeTo({ center: feature.geometry.coordinates as [number, number], zoom: zoom + 0.3, animate: !still() })
  }

  /** A new theme changes every colour: the style is made anew around the same data. */
  restyle(theme: string): void {
    this.map.setStyle(makeStyle(theme, this.data), { diff: true })
    this.map.once('styledata', () => this.applyLayers())
    this.applyLayers()
  }

  setData(key: keyof MapData, features: Features): void {
    this.data = { ...this.data, [key]: features }
    const put = () => this.map.getSource<GeoJSONSource>(key)?.setData(features)
    if (this.map.getSource(key)) put()
    else this.map.once('styledata', put)
    if (key === 'territory') this.frame(features)
  }

  private frame(features: Features): void {
    const whole = features.features.filter((feature) => feature.properties?.layer === 'outline')
    const box = boundsOf(whole.length ? whole : features.features)
    if (!box || this.home) return
    // Home is what the reader answers for: the areas that the server shows, else the district.
    const own = features.features.filter((feature) => feature.properties?.layer === 'area')
    this.home = new LngLatBounds(boundsOf(own) ?? box)
    this.goHome(false)
    // Nobody needs the rest of the world here.
    const [west, south, east, north] = box
    const w = east - west
    const h = north - south
    this.map.setMaxBounds([west - w, south - h, east + w, north + h])
  }

  goHome(animate = true): void {
    if (this.home) this.map.fitBounds(this.home, { padding: 32, animate: animate && !still() })
  }

  zoom(by: 1 | -1): void {
    if (by > 0) this.map.zoomIn({ animate: !still() })
    else this.map.zoomOut({ animate: !still() })
  }

  /** Brings a place into view if it is not. */
  reveal(lon: number, lat: number): void {
    const { x, y } = this.map.project([lon, lat])
    const { clientWidth, clientHeight } = this.map.getContainer()
    const edge = 56
    const inside = x > edge && y > edge && x < clientWidth - edge && y < clientHeight - edge
    if (!inside) this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), 13), animate: !still() })
  }

  setPicking(on: boolean): void {
    this.picking = on
    this.cursor('')
  }

  show(layer: LayerKey, on: boolean): void {
    if (on) this.hidden.delete(layer)
    else this.hidden.add(layer)
    this.applyLayers()
  }

  private applyLayers(): void {
    for (const [key, ids] of Object.entries(LAYERS_OF)) {
      const visibility = this.hidden.has(key as LayerKey) ? 'none' : 'visible'
      for (const id of ids) if (this.map.getLayer(id)) this.map.setLayoutProperty(id, 'visibility', visibility)
    }
  }

  remove(): void {
    this.map.remove()
  }
}
