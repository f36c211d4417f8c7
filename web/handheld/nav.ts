/** Where one is: a tab, and below it a page of its own; both stand in the address's hash. */
import { ref } from 'vue'

export const TABS = ['today', 'tasks', 'report', 'mine'] as const
export type Tab = (typeof TABS)[number]
/** `outbox` belongs to no tab: it opens from the header. */
export type Page = Tab | 'outbox'

/** The page and what is named below it: "report/street", "outbox". */
export interface Spot { page: Page; below: string }

export function spotOf(hash: string): Spot {
  const [page, below = ''] = hash.replace(/^#/, '').split('/')
  const known = page === 'outbox' || TABS.includes(page as Tab)
  return known ? { page: page as Page, below } : { page: 'today', below: '' }
}

export const spot = ref<Spot>(spotOf(typeof location === 'undefined' ? '' : location.hash))

/** Goes there; the device's own way back leads to where one was. */
export function go(page: Page, below = ''): void {
  location.hash = below ? `${page}/${below}` : page
}

/** Where one was before the outbox was opened. */
let before: Spot = { page: 'today', below: '' }
export function leaveOutbox(): void {
  go(before.page, before.below)
}

export function followHash(): void {
  window.addEventListener('hashchange', () => {
    if (spot.value.page !== 'outbox') before = spot.value
    spot.value = spotOf(location.hash)
    window.scrollTo(0, 0)
  })
}
