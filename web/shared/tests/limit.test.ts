import { expect, it } from 'vitest'
import { daysUntil, glyphToken, readClock, splitMinutes } from '../limit'
import type { CaseClock } from '../model'

const at = (minutes: number) => new Date(minutes * 60_000).toISOString()
const clock = (patch: Partial<CaseClock> = {}): CaseClock => ({
  stage: 'handle', started_at: at(0), due_at: at(100), paused_at: null, stopped_at: null, limit: null, used_s: 0, allowed_s: 6000, late: false, ...patch,
})
const now = (minutes: number) => minutes * 60_000

it('warns from one half of the limit and is late past it', () => {
  expect(readClock(clock(), 'handling', now(49)).tone).toBe('ok')
  expect(readClock(clock(), 'handling', now(50)).tone).toBe('warn')
  expect(readClock(clock(), 'handling', now(100)).overdue).toBe(false)
  expect(readClock(clock(), 'handling', now(101))).toMatchObject({ tone: 'late', overdue: true, share: 1, minutes: -1 })
})

it('stands while it is paused, and has no due time until it goes on', () => {
  const reading = readClock(clock({ paused_at: at(20), due_at: null, used_s: 1200 }), 'handling', now(500))
  expect(reading).toMatchObject({ paused: true, overdue: false, share: 0.2, minutes: null })
  expect(glyphToken('handling', reading)).toBe('ink3')
})

it('says what a stopped clock took and whether it was in time', () => {
  const stopped = { stopped_at: at(900), due_at: null, used_s: 3600 }
  expect(readClock(clock(stopped), 'handling', now(1000))).toMatchObject({ used: 60, share: 0.6, tone: 'rest' })
  expect(readClock(clock({ ...stopped, used_s: 9000, late: true }), 'closed', now(1000))).toMatchObject({ used: 150, share: 1, tone: 'late', overdue: false })
})

it('counts days to a date', () => {
  expect([daysUntil('2026-11-30', '2026-11-23'), daysUntil('2026-11-22', '2026-11-23')]).toEqual([7, -1])
})

it('never calls a closed case overdue', () => {
  expect(readClock(clock(), 'closed', now(500)).overdue).toBe(false)
})

it('reads no clock as none', () => {
  expect(readClock(null, 'filed', 0)).toMatchObject({ share: null, minutes: null })
  expect(readClock(clock({ due_at: null }), 'filed', 0).share).toBeNull()
})

it('colours a glyph by its clock only when near or over the limit', () => {
  expect(glyphToken('to_check', readClock(clock(), 'to_check', now(60)))).toBe('info')
  expect(glyphToken('to_check', readClock(clock(), 'to_check', now(85)))).toBe('warn')
  expect(glyphToken('to_check', readClock(clock(), 'to_check', now(185)))).toBe('late')
})

it('splits spans', () => {
  expect(splitMinutes(-1510)).toEqual({ d: 1, h: 1, m: 10 })
})
