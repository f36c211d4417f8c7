/** Web push: asked for by a person, kept by browser and server. */
import { getPushKey, subscribePush, unsubscribePush } from './calls'

const WORKER = '/notices-worker.js'
const STORE = 'lianqin.push'

export type PushState = 'unsupported' | 'denied' | 'off' | 'on'

export const pushSupported = (): boolean =>
  typeof navigator !== 'undefined' && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

export async function pushState(): Promise<PushState> {
  if (!pushSupported()) return 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  const registration = await navigator.serviceWorker.getRegistration('/')
  const kept = await registration?.pushManager.getSubscription()
  return kept && localStorage.getItem(STORE) ? 'on' : 'off'
}

/** Asks the browser, then tells the server; 'denied' when the person says no. */
export async function pushOn(language: 'zh' | 'en'): Promise<PushState> {
  if ((await Notification.requestPermission()) !== 'granted') return pushState()
  const registration = await navigator.serviceWorker.register(WORKER, { scope: '/' })
  await navigator.serviceWorker.ready
  const { key } = await getPushKey()
  const wanted = bytes(key)
  let subscription = await registration.pushManager.getSubscription()
  if (subscription && !same(subscription.options.applicationServerKey, wanted)) {
    // The install has a new key: what the browser holds is good for nothing.
    await subscription.unsubscribe()
    subscription = null
  }
  subscription ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted })
  const { endpoint, keys } = subscription.toJSON()
  const kept = await subscribePush(
    { endpoint: endpoint!, keys: { p256dh: keys!.p256dh!, auth: keys!.auth! }, language },
    crypto.randomUUID(),
  )
  localStorage.setItem(STORE, kept.id)
  return 'on'
}

export async function pushOff(): Promise<PushState> {
  const registration = await navigator.serviceWorker.getRegistration('/')
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
  const id = localStorage.getItem(STORE)
  localStorage.removeItem(STORE)
  // Somebody else may have been signed in here: then the server has forgotten, or will by itself.
  if (id) await unsubscribePush(id, crypto.randomUUID()).catch(() => undefined)
  return 'off'
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (c) => c.charCodeAt(0))
}

function same(held: ArrayBuffer | null, wanted: Uint8Array): boolean {
  const has = held ? new Uint8Array(held) : null
  return has?.length === wanted.length && wanted.every((byte, n) => byte === has[n])
}
