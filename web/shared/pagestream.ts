/** The live stream of a page beside the desk: begun once, gone on with after a new sign-in. */
import { reactive } from 'vue'
import { SharedStream, type StreamHandlers, type StreamStatus } from './stream'

export const live = reactive({ status: 'starting' as StreamStatus, lastBeat: Date.now() })

interface Reader { id: string; position: number }
let stream: SharedStream | null = null

/** Listens as a reader from a position; `again` asks who is signed in now, or gives null. */
export function listen(reader: Reader, handlers: Omit<StreamHandlers, 'onStatus'>, again: () => Promise<Reader | null>): void {
  if (stream) return
  begin(reader, handlers)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) stream?.retryNow() })
  window.addEventListener('online', () => stream?.retryNow())
  window.addEventListener('pagehide', (event) => { if (!event.persisted) stream?.close() })
  window.addEventListener('focus', () => void goOn(reader.id, handlers, again))
}

function begin(reader: Reader, handlers: Omit<StreamHandlers, 'onStatus'>): void {
  stream = new SharedStream(`lianqin-stream:${reader.id}`, {
    ...handlers,
    onStatus: (status, lastBeat) => Object.assign(live, { status, lastBeat }),
  })
  stream.start(reader.position)
}

/** Somebody has signed in again, in another tab: this one goes on, with what was typed still on it. */
async function goOn(before: string, handlers: Omit<StreamHandlers, 'onStatus'>, again: () => Promise<Reader | null>): Promise<void> {
  if (live.status !== 'ended') return
  const reader = await again()
  if (!reader) return
  // Another person: nothing of the first one's may stay on the screen.
  if (reader.id !== before) return window.location.reload()
  stream?.close()
  live.status = 'starting'
  begin(reader, handlers)
  handlers.onReset(reader.position)
}
