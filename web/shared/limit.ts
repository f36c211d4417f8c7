/** How far a case is through its limit. Pure: the time comes in. */
import type { CaseClock, CaseState } from './model'
import { stateInfo, type Token } from './states'

export type Tone = 'ok' | 'warn' | 'late' | 'rest'

export interface Reading {
  /** Elapsed share of the limit, 0 to 1; null when no clock runs. */
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
 * A stopped clock of an open case is paused; of a finished one it is simply over.
 */
export function readClock(clock: Partial<CaseClock> | null | undefined, state: CaseState, now: number): Reading {
  if (!clock?.due_at) return NONE
  // The map's light rows carry the due time only.
  const started = clock.started_at ? Date.parse(clock.started_at) : null
  const due = Date.parse(clock.due_at)
  const stopped = clock.stopped_at ? Date.parse(clock.stopped_at) : null
  const at = stopped ?? now
  const share = started === null ? null : due > started ? Math.min(1, Math.max(0, (at - started) / (due - started))) : 1
  const open = stateInfo(state).open
  const late = at > due
  // After the report back the handling clock has done its work; before, a stop is a pause.
  const over = !open || state === 'to_check' || state === 'to_close'
  const paused = stopped !== null && !over
  return {
    share,
    tone: paused ? 'rest' : late ? 'late' : stopped !== null ? 'rest' : (share ?? 0) >= 0.5 ? 'warn' : 'ok',
    paused,
    overdue: open && stopped === null && late,
    used: stopped !== null && !paused && started !== null ? Math.max(1, floorMinutes(stopped - started)) : null,
    minutes: stopped === null && open ? floorMinutes(due - now) : null,
  }
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
