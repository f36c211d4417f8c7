import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SharedStream, type StreamHandlers, type StreamParts, type StreamStatus } from '../stream'

/** A browser of several tabs: one lock, one channel, and a server whose streams the test feeds. */
class FakeBrowser {
  connections: { after: number; write(text: string): void; end(): void; aborted: boolean }[] = []
  status = 200
  private members = new Set<{ onmessage: ((event: MessageEvent) => void) | null }>()
  private queue: Promise<void> = Promise.resolve()

  parts(): StreamParts {
    return {
      channel: () => {
        const member = {
          onmessage: null as ((event: MessageEvent) => void) | null,
          postMessage: (data: unknown) => {
            for (const other of this.members) {
              if (other !== member) other.onmessage?.({ data: structuredClone(data) } as MessageEvent)
            }
          },
          close: () => void this.members.delete(member),
        }
        this.members.add(member)
        return member
      },
      lock: (_name, signal, lead) => {
        this.queue = this.queue.then(() => (signal.aborted ? undefined : lead()))
        return this.queue
      },
      connect: async (after, signal) => {
        if (this.status !== 200) return { status: this.status, body: null }
        let control!: ReadableStreamDefaultController<Uint8Array>
        const body = new ReadableStream<Uint8Array>({ start: (c) => { control = c } })
        const encoder = new TextEncoder()
        const connection = {
          after,
          aborted: false,
          write: (text: string) => control.enqueue(encoder.encode(text)),
          end: () => control.close(),
        }
        signal.addEventListener('abort', () => {
          connection.aborted = true
          try { control.error(new Error('aborted')) } catch { /* already closed */ }
        })
        this.connections.push(connection)
        return { status: 200, body }
      },
      now: () => Date.now(),
    }
  }
}

function tab(browser: FakeBrowser) {
  const seen: number[] = []
  const resets: number[] = []
  const times: number[] = []
  let status: StreamStatus = 'starting'
  let lastBeat = 0
  const handlers: StreamHandlers = {
    onCase: (event) => seen.push(event.position),
    onGone: (_id, position) => seen.push(position),
    onReset: (position) => resets.push(position),
    onTime: (time) => times.push(time.speed),
    onStatus: (now, at) => { status = now; lastBeat = at },
  }
  const stream = new SharedStream('test', handlers, browser.parts())
  return { stream, seen, resets, times, status: () => status, lastBeat: () => lastBeat }
}

const event = (position: number) => `id: ${position}\nevent: case\ndata: {"position":${position},"case":{"id":"c"}}\n\n`
const settle = (ms = 200) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => { vi.useFakeTimers({ now: 1_000_000 }) })
afterEach(() => { vi.useRealTimers() })

describe('the shared stream', () => {
  it('opens one connection for many tabs and tells every tab', async () => {
    const browser = new FakeBrowser()
    const tabs = [tab(browser), tab(browser), tab(browser)]
    tabs.forEach(({ stream }) => stream.start(10))
    await settle()
    expect(browser.connections.map((c) => c.after)).toEqual([10])
    browser.connections[0]!.write(event(11) + event(12))
    await settle()
    for (const { seen } of tabs) expect(seen).toEqual([11, 12])
    expect(tabs.filter(({ stream }) => stream.isLeader)).toHaveLength(1)
  })

  it('tells every tab the time of a demo, at the start and when it is set', async () => {
    const browser = new FakeBrowser()
    const tabs = [tab(browser), tab(browser)]
    tabs.forEach(({ stream }) => stream.start(10))
    await settle()
    const time = (speed: number) => JSON.stringify({ on: true, speed })
    browser.connections[0]!.write(`event: hello\ndata: {"position":10,"time":${time(13)}}\n\n`)
    browser.connections[0]!.write(event(11) + `event: time\ndata: ${time(60)}\n\n`)
    await settle()
    for (const { times } of tabs) expect(times).toEqual([13, 60])
    // It has no position of its own: the next leader goes on behind the last event.
    tabs[0]!.stream.close()
    await settle()
    expect(browser.connections.map((c) => c.after)).toEqual([10, 11])
  })

  it('hands the last position over when the leader closes', async () => {
    const browser = new FakeBrowser()
    const [first, second] = [tab(browser), tab(browser)]
    first.stream.start(10)
    second.stream.start(10)
    await settle()
    browser.connections[0]!.write(event(11))
    await settle()
    first.stream.close()
    await settle()
    expect(browser.connections.map((c) => c.after)).toEqual([10, 11])
    browser.connections[1]!.write(event(12))
    await settle()
    expect(second.seen).toEqual([11, 12])
  })

  it('lets a new leader start from what the least informed tab knows', async () => {
    const browser = new FakeBrowser()
    const first = tab(browser)
    first.stream.start(10)
    await settle()
    const late = tab(browser)
    const behind = tab(browser)
    // The late tab's snapshot is ahead of the stream; the leader's word counts more than that.
    browser.connections[0]!.write(event(11))
    await settle()
    late.stream.start(15)
    behind.stream.start(11)
    first.stream.close()
    await settle()
    expect(browser.connections[1]!.after).toBe(11)
  })

  it('tells a new tab the current position', async () => {
    const browser = new FakeBrowser()
    const first = tab(browser)
    first.stream.start(10)
    await settle()
    browser.connections[0]!.write(event(20))
    await settle()
    const second = tab(browser)
    second.stream.start(12)
    await settle()
    first.stream.close()
    await settle()
    expect(browser.connections[1]!.after).toBe(20)
  })

  it('reconnects after the last position when the connection breaks', async () => {
    const browser = new FakeBrowser()
    const only = tab(browser)
    only.stream.start(10)
    await settle()
    browser.connections[0]!.write(event(11))
    await settle()
    browser.connections[0]!.end()
    await settle(2000)
    expect(browser.connections.map((c) => c.after)).toEqual([10, 11])
  })

  it('gives a silent connection up and says since when it was silent', async () => {
    const browser = new FakeBrowser()
    const only = tab(browser)
    only.stream.start(10)
    await settle()
    browser.connections[0]!.write(': beat\n\n')
    await settle(0)
    const beat = only.lastBeat()
    await settle(30_000)
    expect(browser.connections[0]!.aborted).toBe(true)
    expect(browser.connections.length).toBeGreaterThan(1)
    expect(only.lastBeat()).toBe(beat)
    expect(only.status()).toBe('retrying')
  })

  it('passes resets on to all tabs and goes on from there', async () => {
    const browser = new FakeBrowser()
    const tabs = [tab(browser), tab(browser)]
    tabs.forEach(({ stream }) => stream.start(1))
    await settle()
    browser.connections[0]!.write('event: reset\ndata: {"position":900}\n\n')
    await settle()
    for (const { resets } of tabs) expect(resets).toEqual([900])
    browser.connections[0]!.end()
    await settle(2000)
    expect(browser.connections[1]!.after).toBe(900)
  })

  it('stops when the session has ended, in every tab', async () => {
    const browser = new FakeBrowser()
    const tabs = [tab(browser), tab(browser)]
    tabs.forEach(({ stream }) => stream.start(1))
    await settle()
    browser.connections[0]!.write('event: bye\ndata: {}\n\n')
    await settle(60_000)
    for (const { status } of tabs) expect(status()).toBe('ended')
    expect(browser.connections).toHaveLength(1)
  })

  it('ends on 401 without hammering', async () => {
    const browser = new FakeBrowser()
    browser.status = 401
    const only = tab(browser)
    only.stream.start(1)
    await settle(60_000)
    expect(only.status()).toBe('ended')
  })
})
