/// <reference lib="webworker" />
/** Keeps the page and its parts on the phone, so that it opens without a signal. Never the API. */
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope
/** The parts of this build, and its name; written here by the build. */
declare const __PRECACHE__: { url: string; revision: string | null; integrity?: string }[]
declare const __BUILD__: string

/** The page is the same for everybody. What the server says it may differ by (cookie, language) is
 *  for caches on the way; kept, it would hide the page from whoever has signed in since. */
const plainly = async ({ response }: { response: Response }): Promise<Response | null> => {
  if (response.status !== 200) return null
  const headers = new Headers(response.headers)
  headers.delete('Vary')
  return new Response(await response.blob(), { status: 200, headers })
}

addPlugins([{ cacheWillUpdate: plainly }])
precacheAndRoute(__PRECACHE__)
cleanupOutdatedCaches()
// Whatever is asked for of the handheld by opening it is its one page.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/handheld/'), { allowlist: [/^\/handheld\/(\?.*)?$/] }))

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  if (event.data === 'take over') void self.skipWaiting()
  if (event.data === 'which build') event.ports[0]?.postMessage(__BUILD__)
})
// A page that was opened before the first worker was there has it from now on.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
