import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { noteAnswer, noteFailure, outage } from '../health'
import { useIntent } from '../intent'
import { Problem } from '../problem'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')))
})
afterEach(() => {
  noteAnswer()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('sends again with the same key when the server is back', async () => {
  const intent = useIntent()
  const keys: string[] = []
  const sent = intent.run(async (key) => {
    keys.push(key)
    if (keys.length > 2) return 'done'
    noteFailure('database')
    throw new Problem(503, {})
  })
  await vi.advanceTimersByTimeAsync(1500)
  expect(intent.phase.value).toBe('waiting')
  for (let n = 0; n < 2; n++) {
    noteAnswer()
    await vi.advanceTimersByTimeAsync(1500)
  }
  expect(await sent).toBe('done')
  expect(new Set(keys).size).toBe(1)
  expect(intent.phase.value).toBe('idle')
})

it('does nothing twice on a double click', async () => {
  const intent = useIntent()
  let sent = 0
  const send = async () => { sent += 1; await new Promise((resolve) => setTimeout(resolve, 100)); return sent }
  const both = Promise.all([intent.run(send), intent.run(send)])
  await vi.advanceTimersByTimeAsync(200)
  expect(await both).toEqual([1, null])
})

it('takes a new key after a definite refusal', async () => {
  const intent = useIntent()
  const keys: string[] = []
  const refuse = async (key: string) => { keys.push(key); throw new Problem(409, { code: 'conflict' }) }
  await intent.run(refuse)
  await intent.run(refuse)
  expect(intent.problem.value?.trouble).toBe('conflict')
  expect(new Set(keys).size).toBe(2)
})

it('can be given up while it waits', async () => {
  const intent = useIntent()
  const sent = intent.run(async () => { noteFailure('network'); throw new Problem(0, {}) })
  await vi.advanceTimersByTimeAsync(100)
  intent.giveUp()
  noteAnswer()
  await vi.advanceTimersByTimeAsync(1500)
  expect(await sent).toBeNull()
  expect(intent.busy.value).toBe(false)
  expect(outage.value).toBeNull()
})
