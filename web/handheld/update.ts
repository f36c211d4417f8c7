/** New versions of the app: found, shown, and taken over at a press or at the next start. */
import { ref } from 'vue'

const WORKER = '/handheld/worker.js'
const SCOPE = '/handheld/'
const EVERY = 30 * 60_000
/** A start that has just taken over does not do so again: it would go round and round. */
const TAKEN = 'lianqin.handheld.taken'

/** A newer version lies ready. */
export const newVersion = ref(false)
/** The name of the build that runs; null until the worker has said it, and where there is none. */
export const build = ref<string | null>(null)
/** Whether the page opens without a signal from now on. */
export const offlineReady = ref(false)

let registration: ServiceWorkerRegistration | undefined
let pressed = false

/** Registers the worker and looks for a newer one now and then. */
export async function followUpdates(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const hadOne = !!navigator.serviceWorker.controller
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (hadOne || pressed) reload() })
  try {
    registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: 'none' })
  } catch {
    // No https, or the server is away at the very first opening: it works on as a plain page.
    return
  }
  // Found ready at the start: nobody has begun anything on this page yet.
  if (registration.waiting && hadOne && first()) return takeOver()
  watch(registration)
  void navigator.serviceWorker.ready.then(async (ready) => {
    offlineReady.value = true
    build.value = await askBuild(ready.active)
  })
  setInterval(look, EVERY)
  document.addEventListener('visibilitychange', look)
  window.addEventListener('online', look)
}

function watch(found: ServiceWorkerRegistration): void {
  const note = () => { newVersion.value = !!found.waiting && !!navigator.serviceWorker.controller }
  const follow = () => found.installing?.addEventListener('statechange', note)
  note()
  follow()
  found.addEventListener('updatefound', follow)
}

/** Asks the server for a newer worker; without a signal nothing happens. */
function look(): void {
  if (document.visibilityState === 'visible') void registration?.update().catch(() => undefined)
}

/** Goes on with the new version. Outbox and drafts are in the database and stay as they are. */
export function takeOver(): void {
  pressed = true
  if (registration?.waiting) registration.waiting.postMessage('take over')
  else reload()
}

let reloading = false
function reload(): void {
  if (reloading) return
  // Another tab has taken over: this one follows when it is out of sight, or looked at again.
  if (!pressed && document.visibilityState === 'visible') {
    newVersion.value = true
    return void document.addEventListener('visibilitychange', reload, { once: true })
  }
  reloading = true
  window.location.reload()
}

function first(): boolean {
  try {
    const before = Number(sessionStorage.getItem(TAKEN) ?? 0)
    sessionStorage.setItem(TAKEN, String(Date.now()))
    return Math.abs(Date.now() - before) > 10_000
  } catch {
    return false
  }
}

function askBuild(worker: ServiceWorker | null): Promise<string | null> {
  if (!worker) return Promise.resolve(null)
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = (event: MessageEvent<string>) => resolve(event.data)
    setTimeout(() => resolve(null), 3000)
    worker.postMessage('which build', [port2])
  })
}
