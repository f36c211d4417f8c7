/** The one vocabulary of case states: glyph, colour token and place in the order of work.
 *  Words live under `state.<key>` in the message files. */
import type { Tab } from './model'

export type Glyph =
  | 'circle' | 'target' | 'ring' | 'triangle' | 'square' | 'pause' | 'diamond' | 'diamond-open' | 'reply' | 'away'
  | 'tick' | 'cross' | 'link' | 'dash'

/** Paths on a 14 × 14 field; `stroke` is the line width of an open glyph, absent for a filled one. */
export const GLYPH_PATHS: Record<Glyph, { d: string; stroke?: number }> = {
  circle: { d: 'M7 1.4a5.6 5.6 0 1 1 0 11.2a5.6 5.6 0 1 1 0-11.2z' },
  target: { d: 'M7 1.9a5.1 5.1 0 1 1 0 10.2a5.1 5.1 0 1 1 0-10.2zM7 6.1a.9.9 0 1 1 0 1.8a.9.9 0 1 1 0-1.8z', stroke: 1.8 },
  ring: { d: 'M7 2.3a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4z', stroke: 2.4 },
  triangle: { d: 'M7 1 13.2 12.4H.8z' },
  square: { d: 'M3 1.7h8a1.3 1.3 0 0 1 1.3 1.3v8a1.3 1.3 0 0 1-1.3 1.3H3a1.3 1.3 0 0 1-1.3-1.3V3A1.3 1.3 0 0 1 3 1.7z' },
  pause: { d: 'M2.4 2h3.2v10H2.4zM8.4 2h3.2v10H8.4z' },
  diamond: { d: 'M7 .7 13.3 7 7 13.3.7 7z' },
  'diamond-open': { d: 'M7 2.1 11.9 7 7 11.9 2.1 7z', stroke: 2 },
  reply: { d: 'M6 2.6 2.2 6.4 6 10.2M2.6 6.4H9a2.9 2.9 0 0 1 2.9 2.9V12', stroke: 2 },
  away: { d: 'M7.6 2H3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V7.6M6.4 7.6 12 2M9 1.7h3.3V5', stroke: 1.8 },
  tick: { d: 'M1.9 7.5 5.4 11 12.1 3.5', stroke: 2.6 },
  cross: { d: 'M2.8 2.8 11.2 11.2M11.2 2.8 2.8 11.2', stroke: 2.6 },
  link: { d: 'M5.2 8.8 8.8 5.2M6.3 3.9 7.9 2.3a2.7 2.7 0 0 1 3.8 3.8L10.1 7.7M3.9 6.3 2.3 7.9a2.7 2.7 0 0 0 3.8 3.8L7.7 10.1', stroke: 1.8 },
  dash: { d: 'M2 7h10', stroke: 2.8 },
}

/** The bar that runs into an edge, drawn under the glyph of an overdue case (14 × 19 field). */
export const OVERDUE_PATH = { d: 'M1 17H11.5M13 14.5V19', stroke: 2.2 }
export const GLYPH_SIZE = 14
export const GLYPH_SIZE_OVERDUE = 19

export type Token = 'primary' | 'ok' | 'warn' | 'late' | 'info' | 'ink2' | 'ink3'

interface StateInfo { glyph: Glyph; token: Token; open: boolean }

export const STATES = {
  verifying: { glyph: 'target', token: 'info', open: true },
  reported: { glyph: 'circle', token: 'primary', open: true },
  filed: { glyph: 'ring', token: 'primary', open: true },
  dispatched: { glyph: 'triangle', token: 'primary', open: true },
  handling: { glyph: 'square', token: 'primary', open: true },
  suspended: { glyph: 'pause', token: 'ink3', open: true },
  to_check: { glyph: 'diamond', token: 'info', open: true },
  to_reply: { glyph: 'reply', token: 'primary', open: true },
  elsewhere: { glyph: 'away', token: 'ink3', open: true },
  to_close: { glyph: 'diamond-open', token: 'info', open: true },
  closed: { glyph: 'tick', token: 'ok', open: false },
  rejected: { glyph: 'cross', token: 'ink3', open: false },
  joined: { glyph: 'link', token: 'ink3', open: false },
  cancelled: { glyph: 'dash', token: 'ink3', open: false },
} satisfies Record<string, StateInfo>

export type KnownState = keyof typeof STATES

export const OPEN_STATES: string[] = (Object.keys(STATES) as KnownState[]).filter((state) => STATES[state].open)
/** Tabs of the queue in the order of work, then those that cut across. */
export const TABS: Tab[] = [
  'open', 'verifying', 'reported', 'filed', 'dispatched', 'handling', 'suspended', 'to_check', 'to_reply', 'elsewhere', 'to_close',
  'overdue', 'supervised', 'hotline', 'approvals', 'settled',
]
/** Views that have an address but no place in the row of tabs. */
export const MORE_TABS: Tab[] = ['assigned', 'urged', 'closed', 'all']

/** Unknown states of a newer server are shown as waiting rather than breaking the screen. */
export function stateInfo(state: string): StateInfo {
  return (STATES as Record<string, StateInfo>)[state] ?? { glyph: 'ring', token: 'ink3', open: true }
}
