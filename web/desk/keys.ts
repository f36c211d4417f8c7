/** Keys of the command room. They rest while somebody types or a dialog is open. */
import { onBeforeUnmount, onMounted, type ComputedRef } from 'vue'
import type { Act, CaseRow } from '@shared/model'
import { outcomes, pick, pickUpTo, picked, unpickAll } from './store/picked'
import { mayReport } from './store/session'
import { keysOn, ui } from './store/ui'

/** The key of every act on a case. Two share one where no case ever offers both. ⇧ is Shift. */
export const KEY_OF_ACT: Record<Act, string> = {
  ask_verify: 'Q', verify: 'V', file: 'F', sign: 'S', reject: 'I', join: 'M', cancel: '⇧C', reopen: 'O',
  dispatch: 'D', add_task: '⇧A', withdraw_task: '⇧W', told_by_radio: 'R', designate: '⇧D',
  accept: 'A', under_way: 'W', on_scene: 'L', report_back: 'B', send_back: 'T', dispute: '⇧T', resume: '⇧P',
  draw_checker: '⇧R', check_pass: 'C', check_fail: 'Z', reply: 'P', closed_elsewhere: 'E', rework: 'Z', close: 'C',
  urge: 'H', supervise: 'U', lift_supervision: '⇧U', leader_assign: '⇧L',
  ask_backup: '⇧B', ask_department: '⇧M', ask_extension: '⇧E', ask_suspension: '⇧S', ask_force_close: '⇧F', appeal_overdue: '⇧O',
  endorse: 'Y', grant: 'G', refuse: '⇧G', withdraw_request: '⇧Y',
  link_recurrence: '⇧H', set_parent: '⇧I', leave_parent: '⇧Q',
}

export const keyOfAct = (act: Act): string => KEY_OF_ACT[act] ?? ''
/** The same as assistive technology reads it. */
export const shortcut = (act: Act): string | undefined => keyOfAct(act).replace('⇧', 'Shift+') || undefined

type ActListener = (acts: Act[]) => void
const listeners = new Set<ActListener>()

/** The open case listens for the keys of its acts. */
export function onActKey(listener: ActListener): void {
  onMounted(() => listeners.add(listener))
  onBeforeUnmount(() => listeners.delete(listener))
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement && ['radio', 'checkbox', 'file', 'button'].includes(target.type)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Closed dialogs stay in the page, but take up no room. */
function dialogOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"]')].some((dialog) => dialog.getClientRects().length > 0)
}

/** What a list with an open case beside it does on keys. */
export interface Room {
  open(id: string): void
  close(): void
  list: ComputedRef<CaseRow[]>
  /** Rows can be picked for a common act. */
  picks?: boolean
}

export function useKeys(room: Room): void {
  function step(by: number) {
    const list = room.list.value
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
    if (run(event)) event.preventDefault()
  }

  function run(event: KeyboardEvent): boolean {
    if (!keysOn.value && event.key.length === 1) return false
    const letter = /^[a-z]$/i.test(event.key)
    const key = letter ? (event.shiftKey ? '⇧' : '') + event.key.toUpperCase() : event.key
    switch (key) {
      case 'J': step(1); return true
      case 'K': step(-1); return true
      case 'N': ui.newReport = mayReport.value; return true
      case '⇧V': ui.mapList = !ui.mapList; return true
      case '?': ui.help = true; return true
      case '/': document.querySelector<HTMLInputElement>('#queue-search')?.focus(); return true
      case '.': document.querySelector<HTMLElement>('.acts .more > button')?.click(); return true
      case 'X': if (room.picks && ui.cursor) pick(ui.cursor); return true
      case '⇧X': if (room.picks && ui.cursor) pickUpTo(ui.cursor, room.list.value.map((row) => row.id)); return true
      case 'Escape':
        if (picked.size || outcomes.length) unpickAll()
        else room.close()
        return true
      case 'Enter':
        // Enter on a button or link is that button's.
        if (event.target instanceof HTMLElement && event.target.closest('button, a, summary, input')) return false
        if (ui.cursor) room.open(ui.cursor)
        return !!ui.cursor
    }
    const acts = Object.keys(KEY_OF_ACT).filter((act) => KEY_OF_ACT[act] === key)
    if (!acts.length || !listeners.size) return false
    listeners.forEach((listener) => listener(acts))
    return true
  }

  onMounted(() => document.addEventListener('keydown', handle))
  onBeforeUnmount(() => document.removeEventListener('keydown', handle))
}
