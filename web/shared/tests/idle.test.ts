import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { atMost, endWatch, secondsLeft, stayNow, watchIdle } from '../idle'

const asked: string[] = []
let left = 900
let status = 200
let most = false

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  left = 900
  status = 200
  most = false
  const listeners = new Map<string, Set<() => void>>()
  vi.stubGlobal('document', { cookie: 'csrftoken=abc' })
  vi.stubGlobal('window', {
    addEventListener: (kind: string, one: () => void) => (listeners.get(kind) ?? listeners.set(kind, new Set()).get(kind)!).add(one),
    removeEventListener: (kind: string, one: () => void) => listeners.get(kind)?.delete(one),
    sign: (kind: string) => listeners.get(kind)?.forEach((one) => one()),
  })
  vi.stubGlobal('fetch', (_: string, { method }: { method: string }) => {
    asked.push(method)
    if (method === 'POST') left = 900
    const body = { signed_in: true, idle_seconds: 900, seconds_left: left, at_most: most }
    return Promise.resolve(new Response(status === 200 ? JSON.stringify(body) : '{}', { status }))
  })
})
afterEach(() => {
  endWatch()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
const sign = (kind: string) => (window as unknown as { sign: (kind: string) => void }).sign(kind)

it('says nothing while there is time, and counts down before the end', async () => {
  watchIdle()
  await pass(60)
  expect(secondsLeft.value).toBeNull()
  left = 115
  await pass(725)
  expect(secondsLeft.value).toBeLessThanOrEqual(115)
  expect(asked).toEqual(['GET', 'GET'])
})

it('tells once a minute at most that somebody is there', async () => {
  watchIdle()
  await pass(61)
  for (const kind of ['keydown', 'pointerdown', 'wheel', 'touchstart']) sign(kind)
  await pass(1)
  expect(asked).toEqual(['GET', 'POST'])
  await pass(60)
  sign('keydown')
  expect(asked).toEqual(['GET', 'POST', 'POST'])
})

it('does not warn where another tab has kept the session', async () => {
  watchIdle()
  await pass(1)
  left = 880
  await pass(800)
  expect(secondsLeft.value).toBeNull()
})

it('stays when asked to, whatever was told before', async () => {
  left = 100
  watchIdle()
  await pass(5)
  expect(secondsLeft.value).toBeLessThanOrEqual(100)
  stayNow()
  await pass(1)
  expect(secondsLeft.value).toBeNull()
})

it('knows when the session is over, and when nothing moves its end', async () => {
  left = 60
  most = true
  watchIdle()
  await pass(5)
  expect(atMost.value).toBe(true)
  status = 401
  stayNow()
  await pass(6)
  expect(secondsLeft.value).toBe(0)
})
