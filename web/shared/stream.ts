/**
 * The live stream, shared by all tabs of a browser.
 *
 * One tab (the leader, elected by a Web Lock) holds the connection and tells the others over a
 * BroadcastChannel. Every tab knows the position of the stream, so that whoever leads next asks
 * from there: nothing is missed when the leader closes. Events may then arrive twice; readers
 * apply a row only if it is newer than what they hold.
 */
import { SseParser, type SseMessage } from './sse'
import type { CaseEvent, DemoTime, Notice } from './model'

export type StreamStatus = 'starting' | 'live' | 'retrying' | 'ended'

export interface StreamHandlers {
  onCase(event: CaseEvent): void
  onGone(id: string, position: number): void
  /** The stream is too far behind: fetch everything again. */
  onReset(position: number): void
  /** A demo install told its time, or that somebody changed it. */
  onTime?(time: DemoTime): void
  /** Somebody who is addressed is told, or a notice of theirs was taken. */
  onNotice?(notice: Notice): void
  onStatus(status: StreamStatus, lastBeat: number): void
}

type Wire =
  | { kind: 'event'; message: SseMessage; position: number }
  | { kind: 'beat'; position: number; at: number; status: StreamStatus }
  | { kind: 'hello' }
  | { kind: 'who' }
  | { kind: 'at'; position: number }

/** The browser's parts, replaceable in tests. */
export interface StreamParts {
  channel(name: string): Pick<BroadcastChannel, 'postMessage' | 'close'> & { onmessage: ((event: MessageEvent) => void) | null }
  /** Runs `lead` while holding the named lock; resolves when `lead` does. */
  lock(name: string, signal: AbortSignal, lead: () => Promise<void>): Promise<void>
  connect(after: number, signal: AbortSignal): Promise<{ status: number; body: ReadableStream<Uint8Array> | null }>
  now(): number
}

export const STALE_AFTER = 15_000
const DEAD_AFTER = 25_000
const ASK_FOR = 150
const BACKOFF = [500, 1000, 2000, 4000, 8000]

export const browserParts: StreamParts = {
  channel: (name) => new BroadcastChannel(name),
  async lock(name, signal, lead) {
    // Without locks (an insecure page) every tab leads for itself.
    if (!navigator.locks) return lead()
    await navigator.locks.request(name, { signal }, lead)
  },
  connect: (after, signal) =>
    fetch(`/stream?after=${after}`, { signal, headers: { Accept: 'text/event-stream' }, cache: 'no-store' }),
  now: () => Date.now(),
}

export class SharedStream {
  /** Journal position up to which every tab has been told. */
  private position: number | null = null
  private lastBeat = 0
  private status: StreamStatus = 'starting'
  private leading = false
  private readonly stop = new AbortController()
  private attempt: AbortController | null = null
  private readonly channel
  private wake: (() => void) | null = null
  private answers: number[] = []

  constructor(
    private readonly name: string,
    private readonly handlers: StreamHandlers,
    private readonly parts: StreamParts = browserParts,
  ) {
    this.channel = parts.channel(name)
    this.channel.onmessage = (event) => this.hear(event.data as Wire)
    this.say({ kind: 'hello' })
  }

  /** Starts (or stands by to start) from the position of the snapshot that the tab has loaded. */
  start(position: number): void {
    // A position heard from a leader wins: the other tabs may not know what lies between.
    this.position ??= position
    this.lastBeat ||= this.parts.now()
    this.parts.lock(this.name, this.stop.signal, () => this.lead()).catch(() => undefined)
  }

  close(): void {
    this.stop.abort()
    this.wake?.()
    this.channel.close()
  }

  /** The session was ended here: every tab is told, and none listens any longer. */
  finish(): void {
    this.end()
    this.attempt?.abort()
  }

  /** Tries at once instead of waiting for the next attempt (the page became visible, the network is back). */
  retryNow(): void {
    this.wake?.()
  }

  get isLeader(): boolean {
    return this.leading
  }

  /** The tab is closing or the session is over: nobody here listens any more. */
  private get over(): boolean {
    return this.stop.signal.aborted || this.status === 'ended'
  }

  private say(message: Wire): void {
    if (!this.stop.signal.aborted) this.channel.postMessage(message)
  }

  private hear(message: Wire): void {
    switch (message.kind) {
      case 'event':
        this.position = message.position
        this.deliver(message.message)
        break
      case 'beat':
        this.position = message.position
        this.report(message.status, message.at)
        if (message.status === 'ended') this.attempt?.abort()
        break
      case 'hello':
        if (this.leading) this.sayBeat()
        break
      case 'who':
        if (this.position !== null) this.say({ kind: 'at', position: this.position })
        break
      case 'at':
        this.answers.push(message.position)
    }
  }

  private async lead(): Promise<void> {
    this.leading = true
    // The tab that leads now may know less or more than the others: start from the least.
    this.answers = []
    this.say({ kind: 'who' })
    await this.pause(ASK_FOR)
    this.position = Math.min(this.position ?? 0, ...this.answers)
    for (let failures = 0; !this.over; ) {
      const heard = await this.readOnce().catch(() => false)
      failures = heard ? 0 : failures + 1
      if (this.over) break
      this.report('retrying', this.lastBeat)
      this.sayBeat()
      const wait = BACKOFF[Math.min(failures, BACKOFF.length - 1)]!
      await this.pause(wait * (0.75 + Math.random() / 2))
    }
    this.leading = false
  }

  /** One connection until it breaks; tells whether anything was heard on it. */
  private async readOnce(): Promise<boolean> {
    const attempt = new AbortController()
    this.attempt = attempt
    const abort = () => attempt.abort()
    this.stop.signal.addEventListener('abort', abort)
    let heard = this.parts.now()
    // A dead connection says nothing and does not end: give it up.
    const watchdog = setInterval(() => { if (this.parts.now() - heard > DEAD_AFTER) abort() }, 1000)
    let any = false
    try {
      const answer = await this.parts.connect(this.position ?? 0, attempt.signal)
      if (answer.status === 401 || answer.status === 403) this.end()
      if (answer.status !== 200 || !answer.body) return false
      const parser = new SseParser((message) => this.take(message))
      const decoder = new TextDecoder()
      const reader = answer.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return any
        any = true
        heard = this.parts.now()
        parser.push(decoder.decode(value, { stream: true }))
        if (this.status !== 'ended') this.beat(heard)
      }
    } finally {
      clearInterval(watchdog)
      attempt.abort()
      this.stop.signal.removeEventListener('abort', abort)
    }
  }

  private take(message: SseMessage): void {
    if (message.event === 'bye') return this.end()
    const position = positionOf(message)
    if (position !== null) this.position = position
    this.deliver(message)
    this.say({ kind: 'event', message, position: this.position ?? 0 })
  }

  private deliver(message: SseMessage): void {
    const data = parse(message.data)
    if (!data) return
    if (message.event === 'case') this.handlers.onCase(data as unknown as CaseEvent)
    else if (message.event === 'gone') this.handlers.onGone(String(data.id), Number(data.position))
    else if (message.event === 'time') this.handlers.onTime?.(data as unknown as DemoTime)
    else if (message.event === 'hello' && data.time) this.handlers.onTime?.(data.time as DemoTime)
    else if (message.event === 'notice') this.handlers.onNotice?.(data as unknown as Notice)
    else if (message.event === 'reset') this.handlers.onReset(Number(data.position))
  }

  private beat(at: number): void {
    this.report('live', at)
    this.sayBeat()
  }

  private end(): void {
    this.report('ended', this.lastBeat)
    this.sayBeat()
  }

  private sayBeat(): void {
    this.say({ kind: 'beat', position: this.position ?? 0, at: this.lastBeat, status: this.status })
  }

  private report(status: StreamStatus, at: number): void {
    this.status = status
    this.lastBeat = at
    this.handlers.onStatus(status, at)
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      const wake = () => done()
      this.wake = wake
      function done() {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function positionOf(message: SseMessage): number | null {
  const position = Number(message.id || parse(message.data)?.position)
  return Number.isFinite(position) && position > 0 ? position : null
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
