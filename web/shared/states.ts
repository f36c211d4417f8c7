/** The one vocabulary of case states: glyph, colour token and place in the order of work.
 *  Words live under `state.<key>` in the message files. */
import type { Tab } from './model'

export type Glyph =
  | 'circle' | 'ring' | 'triangle' | 'square' | 'diamond' | 'diamond-open' | 'tick' | 'cross' | 'link'

/** Paths on a 14 × 14 field; `stroke` is the line width of an open glyph, absent for a filled one. */
export const GLYPH_PATHS: Record<Glyph, { d: string; stroke?: number }> = {
  circle: { d: 'M7 1.4a5.6 5.6 0 1 1 0 11.2a5.6 5.6 0 1 1 0-11.2z' },
  ring: { d: 'M7 2.3a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4z', stroke: 2.4 },
  triangle: { d: 'M7 1 13.2 12.4H.8z' },
  square: { d: 'M3 1.7h8a1.3 1.3 0 0 1 1.3 1.3v8a1.3 1.3 0 0 1-1.3 1.3H3a1.3 1.3 0 0 1-1.3-1.3V3A1.3 1.3 0 0 1 3 1.7z' },
  diamond: { d: 'M7 .7 13.3 7 7 13.3.7 7z' },
  'diamond-open': { d: 'M7 2.1 11.9 7 7 11.9 2.1 7z', stroke: 2 },
  tick: { d: 'M1.9 7.5 5.4 11 12.1 3.5', stroke: 2.6 },
  cross: { d: 'M2.8 2.8 11.2 11.2M11.2 2.8 2.8 11.2', stroke: 2.6 },
  link: { d: 'M5.2 8.8 8.8 5.2M6.3 3.9 7.9 2.3a2.7 2.7 0 0 1 3.8 3.8L10.1 7.7M3.9 6.3 2.3 7.9a2.7 2.7 0 0 0 3.8 3.8L7.7 10.1', stroke: 1.8 },
}

/** The bar that runs into an edge, drawn under the glyph of an overdue case (14 × 19 field). */
export const OVERDUE_PATH = { d: 'M1 17H11.5M13 14.5V19', stroke: 2.2 }
export const GLYPH_SIZE = 14
export const GLYPH_SIZE_OVERDUE = 19

export type Token = 'primary' | 'ok' | 'warn' | 'late' | 'info' | 'ink2' | 'ink3'

interface StateInfo { glyph: Glyph; token: Token; open: boolean }

export const STATES = {
  reported: { glyph: 'circle', token: 'primary', open: true },
  filed: { glyph: 'ring', token: 'primary', open: true },
  dispatched: { glyph: 'triangle', token: 'primary', open: true },
  handling: { glyph: 'square', token: 'primary', open: true },
  to_check: { glyph: 'diamond', token: 'info', open: true },
  to_close: { glyph: 'diamond-open', token: 'info', open: true },
  closed: { glyph: 'tick', token: 'ok', open: false },
  rejected: { glyph: 'cross', token: 'ink3', open: false },
  joined: { glyph: 'link', token: 'ink3', open: false },
} satisfies Record<string, StateInfo>

export type KnownState = keyof typeof STATES

export const OPEN_STATES: string[] = (Object.keys(STATES) as KnownState[]).filter((state) => STATES[state].open)
export const TABS: Tab[] = ['open', 'reported', 'filed', 'dispatched', 'handling', 'to_check', 'to_close', 'overdue']

/** Unknown states of a newer server are shown as waiting rather than breaking the screen. */
export function stateInfo(state: string): StateInfo {
  return (STATES as Record<string, StateInfo>)[state] ?? { glyph: 'ring', token: 'ink3', open: true }
}
