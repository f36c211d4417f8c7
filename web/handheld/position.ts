/** Where the phone is, while a screen that needs it is open; at no other time. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { Place } from './outbox/shapes'

/** The newest fix; kept when the screen closes, since its age is shown. */
export const fix = shallowRef<Place | null>(null)
export type Locating = 'off' | 'asking' | 'following' | 'denied' | 'failed'
export const locating = ref<Locating>('off')
/** An older fix than this says where one was, not where one is. */
export const FRESH_MS = 60_000

let users = 0
let watching: number | null = null

function take({ coords, timestamp }: GeolocationPosition) {
  fix.value = { lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy), at: new Date(timestamp).toISOString() }
  locating.value = 'following'
}

function fail(error: GeolocationPositionError) {
  locating.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'
}

/** Asks again, after a refusal or a failure. */
export function locate(): void {
  stop()
  if (!('geolocation' in navigator)) {
    locating.value = 'failed'
    return
  }
  locating.value = 'asking'
  watching = navigator.geolocation.watchPosition(take, fail, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 })
}

function stop() {
  if (watching !== null) navigator.geolocation.clearWatch(watching)
  watching = null
  locating.value = 'off'
}

/** Follows the position as long as the component lives. */
export function usePosition(): void {
  if (users++ === 0) locate()
  onScopeDispose(() => { if (--users === 0) stop() })
}

/** The present fix if it is young enough to say where a photo was taken. */
export function freshFix(): Place | null {
  const found = fix.value
  return found && Date.now() - Date.parse(found.at) < FRESH_MS ? found : null
}
