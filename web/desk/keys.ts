/** Keys of the command room. They rest while somebody types or a dialog is open. */
import { onBeforeUnmount, onMounted, type ComputedRef } from 'vue'
import type { Act } from '@shared/model'
import { queueRows } from './store/queue'
import { mayReport } from './store/session'
import { ui } from './store/ui'

/** Which acts a key stands for; the first one that the case offers is taken. */
export const ACT_KEYS: Record<string, Act[]> = {
  f: ['file'],
  a: ['accept'],
  d: ['dispatch'],
  r: ['told_by_radio'],
  b: ['report_back'],
  c: ['check_pass', 'close'],
}

export function keyOfAct(act: Act): string {
  return (Object.keys(ACT_KEYS).find((key) => ACT_KEYS[key]?.includes(act)) ?? '').toUpperCase()
}

type ActListener = (acts: Act[]) => void
const listeners = new Set<ActListener>()

/** The open case listens for the keys of its acts. */
export function onActKey(listener: ActListener): void {
  onMounted(() => listeners.add(listener))
  onBeforeUnmount(() => listeners.delete(listener))
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Closed dialogs stay in the page, but take up no room. */
function dialogOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"]')].some((dialog) => dialog.getClientRects().length > 0)
}

export function useKeys(desk: { open(id: string): void; close(): void; openId: ComputedRef<string | null> }): void {
  function step(by: number) {
    const list = queueRows.value
    if (!list.length) return
    const at = list.findIndex((row) => row.id === ui.cursor)
    const next = at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))
    ui.cursor = list[next]!.id
  }

  function handle(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
    if (dialogOpen()) return
    if (typing(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (run(key, event)) event.preventDefault()
  }

  function run(key: string, event: KeyboardEvent): boolean {
    switch (key) {
      case 'j': step(1); return true
      case 'k': step(-1); return true
      case 'n': ui.newReport = mayReport.value; return true
      case '?': ui.help = true; return true
      case '/': document.querySelector<HTMLInputElement>('#queue-search')?.focus(); return true
      case 'Escape': desk.close(); return true
      case 'Enter':
        // Enter on a button or link is that button's.
        if (event.target instanceof HTMLElement && event.target.closest('button, a, summary')) return false
        if (ui.cursor) desk.open(ui.cursor)
        return !!ui.cursor
    }
    const acts = ACT_KEYS[key]
    if (!acts || !desk.openId.value) return false
    listeners.forEach((listener) => listener(acts))
    return true
  }

  onMounted(() => document.addEventListener('keydown', handle))
  onBeforeUnmount(() => document.removeEventListener('keydown', handle))
}
