import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { readClock } from '../limit'
import type { CaseClock, DemoTime } from '../model'
import { atPresent, learnDemoTime, onPace, quickness, realNow, serverNow, useNow } from '../time'

const REAL = Date.parse('2026-11-23T08:00:00Z')
const HOUR = 3_600_000
const told = (behind: number, patch: Partial<DemoTime> = {}): DemoTime => ({
  on: true, shown: new Date(REAL - behind).toISOString(), real: new Date(REAL).toISOString(), speed: 13, paused: false, at_present: false, ...patch,
})

beforeEach(() => { vi.useFakeTimers({ now: REAL }) })
afterEach(() => {
  learnDemoTime(null)
  vi.useRealTimers()
})

it('is the present where there is no demo time', () => {
  learnDemoTime(told(0, { on: false }))
  vi.advanceTimersByTime(1000)
  expect(serverNow()).toBe(REAL + 1000)
  expect(atPresent.value).toBe(true)
})

it('counts a limit down thirteen times as fast', () => {
  learnDemoTime(told(24 * HOUR))
  const clock = {
    stage: 'handle', started_at: new Date(REAL - 24 * HOUR).toISOString(), due_at: new Date(REAL - 22 * HOUR).toISOString(),
    paused_at: null, stopped_at: null, limit: null, used_s: 0, allowed_s: 7200, late: false,
  } as CaseClock
  const left = () => readClock(clock, 'handling', serverNow())
  expect(left()).toMatchObject({ minutes: 120, tone: 'ok' })
  vi.advanceTimersByTime(60_000)
  expect(left().minutes).toBe(107)
  vi.advanceTimersByTime(5 * 60_000)
  expect(left()).toMatchObject({ minutes: 42, tone: 'warn' })
  vi.advanceTimersByTime(4 * 60_000)
  expect(left()).toMatchObject({ minutes: -10, overdue: true })
})

it('stands while it is paused', () => {
  learnDemoTime(told(HOUR, { paused: true }))
  vi.advanceTimersByTime(60_000)
  expect(serverNow()).toBe(REAL - HOUR)
  expect(realNow()).toBe(REAL + 60_000)
})

it('meets the present and goes on with it', () => {
  learnDemoTime(told(HOUR))
  expect([quickness(), atPresent.value]).toEqual([13, false])
  const scope = effectScope()
  const now = scope.run(() => useNow())!
  vi.advanceTimersByTime(6 * 60_000)
  expect(serverNow()).toBe(REAL + 6 * 60_000)
  expect(now.value).toBe(serverNow())
  expect([quickness(), atPresent.value]).toEqual([1, true])
  scope.stop()
})

it('tells who asked that the pace was changed', () => {
  const hook = vi.fn()
  const stop = onPace(hook)
  learnDemoTime(told(HOUR, { speed: 60 }))
  stop()
  learnDemoTime(told(HOUR))
  expect(hook).toHaveBeenCalledTimes(1)
})

it('hears late in a tab that slept, and is right all the same', () => {
  vi.advanceTimersByTime(60_000)
  learnDemoTime(told(24 * HOUR))
  expect(serverNow()).toBe(REAL - 24 * HOUR + 13 * 60_000)
})
