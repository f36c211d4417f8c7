/* Shows what is pushed and opens the page on which this person works; keeps and fetches nothing else. */
'use strict'

self.addEventListener('push', (event) => {
  let told = {}
  try {
    told = event.data ? event.data.json() : {}
  } catch {
    // Not ours to read; it is shown that something came.
  }
  const english = told.language === 'en'
  const title = told.level === 'alert' ? (english ? 'Lianqin: alert' : '联勤提醒') : (english ? 'Lianqin' : '联勤')
  event.waitUntil(self.registration.showNotification(title, {
    body: told.text || '',
    // The same notice sent twice is shown once.
    tag: told.id || 'lianqin',
    lang: english ? 'en' : 'zh-CN',
    requireInteraction: told.level === 'alert',
    data: { id: told.id || '' },
  }))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil((async () => {
    // With none of our screens open the start page leads on to whatever this person works on.
    const address = '/?notice=' + encodeURIComponent(event.notification.data.id)
    const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
    // Whatever screen of ours is open shows notices; a desk comes first, because it shows which one.
    const at = (start) => open.find((client) => new URL(client.url).pathname.startsWith(start))
    const screen = at('/desk') || at('/handheld') || at('/commander') || at('/unit')
    if (!screen) return self.clients.openWindow(address)
    await screen.focus()
    screen.postMessage({ notice: event.notification.data.id })
  })())
})
