/** The map itself: made once, told what to draw. */
import { LngLatBounds, Map as GlMap, ScaleControl, setWorkerUrl, type GeoJSONSource, type MapLayerMouseEvent } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { token } from '@shared/theme'
import { boundsOf, type Features } from './features'
import { SINGLE_FROM, type View } from './board'
import { PIXEL_RATIO, picture } from './images'
import { LAYERS_OF, makeStyle, type LayerKey, type SourceKey } from './style'

setWorkerUrl(workerUrl)

export interface MapEvents {
  onCase(id: string): void
  onHover(id: string | null, x: number, y: number): void
  onPlace(lon: number, lat: number): void
  /** Everything handed over so far can be seen. */
  onDrawn(): void
  /** The map is on its way. */
  onMove(): void
  /** The map shows another part of the world. */
  onView(view: View): void
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

export class DeskMap {
  private readonly map: GlMap
  private readonly hidden = new Set<LayerKey>()
  private home: LngLatBounds | null = null
  private picking = false
  private styled = false
  /** What came before the style was there. */
  private readonly waiting: (() => void)[] = []

  constructor(container: HTMLElement, theme: string, words: Record<string, string>, private readonly events: MapEvents) {
    this.map = new GlMap({
      container,
      style: makeStyle(theme),
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
    this.map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left')
    this.map.setMissingStyleImageResolver((id) => {
      const drawn = picture(id)
      if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn, { pixelRatio: PIXEL_RATIO })
    })
    this.listen()
  }

  private listen(): void {
    const { map, events } = this
    map.once('style.load', () => {
      this.styled = true
      events.onView(this.view())
      this.waiting.splice(0).forEach((then) => then())
    })
    map.on('idle', () => events.onDrawn())
    map.on('move', () => events.onMove())
    map.on('moveend', () => events.onView(this.view()))
    map.on('click', (event) => { if (this.picking) events.onPlace(event.lngLat.lng, event.lngLat.lat) })
    map.on('click', 'case', (event) => this.caseAt(event, (id) => events.onCase(id)))
    map.on('click', 'cluster', (event) => this.openCluster(event))
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

  /** Brings what a cluster holds into view. */
  private openCluster(event: MapLayerMouseEvent): void {
    const box: unknown = event.features?.[0]?.properties.box
    if (typeof box !== 'string' || this.picking) return
    this.goTo(box.split(' ').map(Number) as View, 1)
  }

  view(): View {
    const box = this.map.getBounds()
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]
  }

  /** The zoom that clusters are made for. */
  level(): number {
    return this.map.getZoom()
  }

  private whenStyled(then: () => void): void {
    if (this.styled) then()
    else this.waiting.push(then)
  }

  /** A new theme changes colours and pictures; what has been drawn stays where it is. */
  restyle(theme: string): void {
    this.whenStyled(() => {
      for (const layer of makeStyle(theme).layers) {
        for (const [name, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, name as Parameters<GlMap['setPaintProperty']>[1], value)
        const icon = layer.type === 'symbol' ? layer.layout?.['icon-image'] : undefined
        if (icon) this.map.setLayoutProperty(layer.id, 'icon-image', icon)
      }
    })
  }

  /** `taken` is called when the drawing thread has them; they can be seen with the next `onDrawn`. */
  setData(key: SourceKey, features: Features, taken?: () => void): void {
    this.whenStyled(() => {
      void this.map.getSource<GeoJSONSource>(key)!.setData(features).then(() => {
        taken?.()
        this.map.triggerRepaint()
      })
    })
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

  /** Home is there, where nothing of the territory says where it is. */
  frameAt([west, south, east, north]: View): void {
    if (this.home) return
    this.home = new LngLatBounds([west, south, east, north])
    this.goHome(false)
  }

  goHome(animate = true): void {
    if (this.home) this.map.fitBounds(this.home, { padding: 32, maxZoom: SINGLE_FROM + 0.5, animate: animate && !still() })
  }

  /** Shows a part of the district, at least so many zooms nearer than now. */
  goTo([west, south, east, north]: View, nearer = 0): void {
    const camera = this.map.cameraForBounds([west, south, east, north], { padding: 64, maxZoom: SINGLE_FROM + 0.5 })
    if (!camera) return
    const zoom = Math.max(camera.zoom ?? 0, Math.min(SINGLE_FROM + 0.5, this.map.getZoom() + nearer))
    this.map.easeTo({ ...camera, zoom: nearer ? zoom : camera.zoom, animate: !still() })
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
