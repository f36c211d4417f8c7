/** The acts on one case: which was chosen, where its form is open, and how it is sent. */
import { computed, inject, nextTick, provide, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { Act, CaseDetail, CaseRow, DutyLine, Kin, OfferedAct, Said, Standard, Task } from '@shared/model'
import { onActKey } from '../keys'
import { draftOf, dropDraft } from '../store/drafts'
import { asks, offerKey, spotOf } from './offers'
import { useAct } from './useAct'

/** What forms need to know of a case; a task card brings less than a case panel. */
export interface ActContext {
  case: CaseRow
  acts: OfferedAct[]
  tasks: Task[]
  twins: Kin[]
  recurrences: Kin[]
  standards: Standard[]
  /** Undefined: not known here, to be asked for. */
  dutyLines?: DutyLine[]
  replies: boolean
}

export function contextOf(detail: CaseDetail, row: CaseRow): ActContext {
  const { acts, tasks, twins, recurrences, standards, duty_lines: dutyLines, way } = detail
  return { case: row, acts, tasks: tasks.filter((task) => !task.ended_at), twins, recurrences, standards, dutyLines, replies: way.reply }
}

export interface Acts {
  context: ComputedRef<ActContext | null>
  chosen: Ref<OfferedAct | null>
  spot: ComputedRef<string>
  sender: ReturnType<typeof useAct>
  kept: ComputedRef<string>
  choose(offer: OfferedAct): Promise<void>
  sendNow(act: Act, said: Said): Promise<boolean>
  sendForm(said: Said, done: () => void): Promise<void>
  leave(): void
  dropKept(): void
  onDispatch(focus: () => void): void
}
const ACTS: InjectionKey<Acts> = Symbol('acts')

export function useActs(context: ComputedRef<ActContext | null>, refresh: () => Promise<void>): Acts {
  const sender = useAct(() => context.value?.case ?? null, refresh)
  const chosen = ref<OfferedAct | null>(null)
  const offered = computed(() => context.value?.acts ?? [])
  /** Where the last act was done: its outcome is told there. */
  const place = ref('panel')
  let focusCandidates: (() => void) | null = null

  const still = computed(() => (chosen.value ? offered.value.find((offer) => offerKey(offer) === offerKey(chosen.value!)) : undefined))
  const spot = computed(() => place.value)

  /** Text of the chosen act when the case has moved on and no longer offers it. */
  const kept = computed(() => {
    if (!chosen.value || still.value || !context.value) return ''
    const draft = draftOf(context.value.case.id, offerKey(chosen.value))
    return [draft.reason, draft.note, draft.reply].filter(Boolean).join('\n')
  })
  // Nothing was typed for an act that is gone: its form goes too.
  watch(still, (now, before) => { if (before && !now && !kept.value) chosen.value = null })

  async function choose(offer: OfferedAct) {
    if (sender.busy.value || !context.value) return
    if (offer.act === 'dispatch' && focusCandidates) return focusCandidates()
    place.value = spotOf(offer, context.value.tasks)
    sender.problem.value = null
    if (asks(offer)) {
      const again = chosen.value && offerKey(chosen.value) === offerKey(offer)
      chosen.value = again ? null : offer
      return nextTick()
    }
    await sender.send(offer.act, about(offer))
  }

  async function sendNow(act: Act, said: Said) {
    place.value = 'panel'
    return sender.send(act, said)
  }

  async function sendForm(said: Said, done: () => void) {
    const offer = chosen.value
    if (!offer || !(await sender.send(offer.act, { ...said, ...about(offer) }))) return
    done()
    chosen.value = null
  }

  function dropKept() {
    if (chosen.value && context.value) dropDraft(context.value.case.id, offerKey(chosen.value))
    chosen.value = null
    sender.problem.value = null
  }

  onActKey((acts) => {
    const mine = offered.value.filter((offer) => acts.includes(offer.act))
    // Of several, the lead task's or the first request's.
    const offer = mine.find((one) => context.value && spotOf(one, context.value.tasks) === 'panel') ?? mine[0]
    if (offer) void choose(offer)
  })

  const acts: Acts = {
    context, chosen: computed({ get: () => still.value ?? (kept.value ? chosen.value : null), set: (to) => { chosen.value = to } }), spot, sender, kept,
    choose, sendNow, sendForm, leave: () => { chosen.value = null }, dropKept, onDispatch: (focus) => { focusCandidates = focus },
  }
  provide(ACTS, acts)
  return acts
}

/** The acts of the case around, for the parts of its panel. */
export function theActs(): Acts {
  const acts = inject(ACTS)
  if (!acts) throw new Error('no acts around')
  return acts
}

function about(offer: OfferedAct): Said {
  return { ...(offer.task_id ? { task_id: offer.task_id } : {}), ...(offer.request_id ? { request_id: offer.request_id } : {}) }
}
