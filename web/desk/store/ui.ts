/** What is open on this screen. */
import { reactive, ref, shallowRef } from 'vue'

export const ui = reactive({
  help: false,
  newReport: false,
  /** The list of notices. */
  notices: false,
  /** The map waits for a click that names a place. */
  picking: false,
  /** What is on the map, as a list. */
  mapList: false,
  /** Case under the cursor of the queue. */
  cursor: null as string | null,
})

/** Single letters do things only while this is on: whoever dictates to a machine turns it off. */
const KEYS_STORE = 'lianqin.keys'
export const keysOn = ref(typeof localStorage === 'undefined' || localStorage.getItem(KEYS_STORE) !== 'off')
export function setKeys(on: boolean): void {
  keysOn.value = on
  localStorage.setItem(KEYS_STORE, on ? 'on' : 'off')
}

/** A short sound when an alert comes; off until somebody wants it. */
const SOUND_STORE = 'lianqin.sound'
export const soundOn = ref(typeof localStorage !== 'undefined' && localStorage.getItem(SOUND_STORE) === 'on')
export function setSound(on: boolean): void {
  soundOn.value = on
  localStorage.setItem(SOUND_STORE, on ? 'on' : 'off')
}

export const pickedPlace = shallowRef<{ lon: number; lat: number } | null>(null)

/** Spoken to screen readers, politely. */
export const announcement = shallowRef('')

let timer: ReturnType<typeof setTimeout> | undefined
let queued: string[] = []

export function announce(text: string): void {
  queued.push(text)
  timer ??= setTimeout(() => {
    // Many events at once are not read one by one.
    announcement.value = queued.slice(-3).join(' ')
    queued = []
    timer = undefined
  }, 600)
}
