/** Brings cases onto the map as they change: at once where nothing was drawn a moment ago. */
import { onBeforeUnmount, onMounted, ref, watch, type ShallowRef } from 'vue'
import { serverNow } from '@shared/time'
import { mapCases, mapLoaded, mapVersion, takeChanges } from '../store/mapcases'
import { Board } from './board'
import type { DeskMap } from './useMap'

/** Many events in a moment make one drawing. */
const DRAW_EVERY = 250
/** How often time alone may turn a case towards its limit. */
const LOOK_EVERY = 30_000

export function useCases(map: ShallowRef<DeskMap | null>, also: () => void) {
  const board = new Board(mapCases)
  /** Pictures that were completed with cases on them. */
  const pictures = ref(0)
  let waiting = false
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let tick: ReturnType<typeof setInterval> | undefined

  function hand() {
    if (!map.value || !mapLoaded.value) return
    const features = board.features(map.value.view(), map.value.level())
    map.value.setData('cases', { type: 'FeatureCollection', features }, () => { waiting = true })
  }
  function draw() {
    timer = undefined
    last = performance.now()
    const changes = takeChanges()
    if (changes === 'all') board.all(serverNow())
    if (changes === 'all' || board.some(changes, serverNow())) hand()
    also()
  }
  function drawSoon() {
    timer ??= setTimeout(draw, Math.max(0, last + DRAW_EVERY - performance.now()))
  }
  /** The map has moved: what it was given may not reach that far, or not be for that zoom. */
  function onMove() {
    if (map.value && !board.covers(map.value.view(), map.value.level())) hand()
  }
  function onDrawn() {
    if (!waiting) return
    waiting = false
    pictures.value++
  }

  watch(mapVersion, drawSoon)
  onMounted(() => {
    tick = setInterval(() => { if (board.byTime(serverNow())) hand() }, LOOK_EVERY)
    if (!mapLoaded.value) return
    // What has changed until now was meant for another map.
    takeChanges()
    board.all(serverNow())
    hand()
    also()
  })
  onBeforeUnmount(() => {
    clearInterval(tick)
    clearTimeout(timer)
  })
  return { pictures, onDrawn, onMove }
}
