/** How far a case is through its limit. Pure: the time comes in. */
import type { CaseClock, CaseState } from './model'
import { stateInfo, type Token } from './states'

export type Tone = 'ok' | 'warn' | 'late' | 'rest'

export interface Reading {
  /** Elapsed share of the limit, 0 to 1; null when no clock runs or it cannot be told here. */
  share: number | null
  tone: Tone
  paused: boolean
  overdue: boolean
  /** Minutes from start to stop, of a clock that has done its work. */
  used: number | null
  /** Minutes left; negative when late; null without a due time or when stopped. */
  minutes: number | null
}

const NONE: Reading = { share: null, tone: 'rest', paused: false, overdue: false, used: null, minutes: null }

/**
 * Reads a clock at an instant (milliseconds since the epoch).
 * A paused clock has no due time until it goes on, unless it was late before.
 */
export function readClock(clock: Partial<CaseClock> | null | undefined, state: CaseState, now: number): Reading {
  if (!clock || (!clock.due_at && !clock.paused_at && !clock.stopped_at)) return NONE
  const started = clock.started_at ? Date.parse(clock.started_at) : null
  const due = clock.due_at ? Date.parse(clock.due_at) : null
  const stopped = clock.stopped_at ? Date.parse(clock.stopped_at) : null
  const open = stateInfo(state).open
  const paused = open && !!clock.paused_at && stopped === null
  const late = due !== null && (stopped ?? now) > due
  const stands = paused || stopped !== null
  const share = stands ? countedShare(clock) : shareOf(started, due, now)
  return {
    share,
    tone: late || (stands && clock.late) ? 'late' : stands || due === null ? 'rest' : (share ?? 0) >= 0.5 ? 'warn' : 'ok',
    paused,
    overdue: open && !stands && late,
    used: stopped !== null ? Math.max(1, Math.floor((clock.used_s ?? 0) / 60)) : null,
    minutes: !stands && open && due !== null ? floorMinutes(due - now) : null,
  }
}

/** The clock of a case on the map: instants in milliseconds, null while nothing counts. */
export interface LightClock { started: number | null; due: number | null; paused: boolean }

/** The part of a row's clock that the map keeps: 20,000 of them are read again as time goes by. */
export function lightClock(clock: Partial<CaseClock> | null | undefined): LightClock {
  const counts = clock && !clock.stopped_at
  return {
    started: counts && clock.started_at ? Date.parse(clock.started_at) : null,
    due: counts && clock.due_at ? Date.parse(clock.due_at) : null,
    paused: !!counts && !!clock.paused_at,
  }
}

export function readLight(clock: LightClock, now: number): Reading {
  if (clock.paused) return { ...NONE, paused: true }
  if (clock.due === null) return NONE
  const overdue = now > clock.due
  const share = shareOf(clock.started, clock.due, now)
  const tone = overdue ? 'late' : (share ?? 0) >= 0.5 ? 'warn' : 'ok'
  return { ...NONE, share, tone, overdue, minutes: floorMinutes(clock.due - now) }
}

/** Of a clock that stands: what the server counted by the calendar. */
function countedShare(clock: Partial<CaseClock>): number | null {
  return clock.allowed_s ? Math.min(1, (clock.used_s ?? 0) / clock.allowed_s) : null
}

function shareOf(started: number | null, due: number | null, now: number): number | null {
  if (started === null || due === null) return null
  return due > started ? Math.min(1, Math.max(0, (now - started) / (due - started))) : 1
}

/** Whole minutes, rounded away from the reassuring side: 24 min 50 s left reads 24. */
function floorMinutes(ms: number): number {
  return Math.floor(ms / 60_000)
}

/** The colour a case's glyph wears: its state's own, unless its clock is near or over the limit. */
export function glyphToken(state: CaseState, reading: Reading): Token {
  const info = stateInfo(state)
  if (!info.open) return info.token
  if (reading.overdue) return 'late'
  if (reading.paused) return 'ink3'
  return reading.tone === 'warn' && (reading.share ?? 0) >= 0.8 ? 'warn' : info.token
}

/** Days, hours and minutes of a span given in minutes. */
export function splitMinutes(minutes: number): { d: number; h: number; m: number } {
  const whole = Math.abs(minutes)
  return { d: Math.floor(whole / 1440), h: Math.floor((whole % 1440) / 60), m: whole % 60 }
}

/** Whole days from today to a date ("2026-11-30"), by the district's calendar day; negative past it. */
export function daysUntil(date: string, today: string): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000)
}
