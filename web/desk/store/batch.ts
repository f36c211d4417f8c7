/** What can be done with several cases at once: the acts that all of them offer, sent one by one. */
import { computed, shallowRef, watch } from 'vue'
import { doAct, getCase } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { CaseDetail, OfferedAct, Said } from '@shared/model'
import { Problem } from '@shared/problem'
import { applyOwn } from './live'
import { outcomes, picked, type Outcome } from './picked'
import { lastEvent, rows } from './rows'

/** A picture belongs to one case: acts that want one are done case by case. */
const SINGLE = new Set(['photos', 'photos_before'])
const AT_ONCE = 4

const same = <T>(values: T[]): boolean => values.every((value) => value === values[0])
const classOfCase = (detail: CaseDetail) => `${detail.case.kind}/${detail.case.code}`

/** The acts that every case offers, each once; what only one class can answer needs one class. */
export function common(details: CaseDetail[]): OfferedAct[] {
  const [first, ...rest] = details
  if (!first) return []
  const seen = new Set<string>()
  return first.acts.filter((offer) => {
    const asked = [...offer.needs, ...offer.takes]
    if (seen.has(offer.act) || offer.needs.some((need) => SINGLE.has(need))) return false
    if (asked.includes('standard_id') && !same(details.map(classOfCase))) return false
    seen.add(offer.act)
    return rest.every((other) => other.acts.some((one) => one.act === offer.act && one.needs.join() === offer.needs.join()))
  }).map((offer) => ({ ...offer, takes: offer.takes.filter((take) => !SINGLE.has(take)) }))
}

export function useBatch() {
  const details = shallowRef(new Map<string, CaseDetail>())
  const failed = shallowRef<Problem | null>(null)
  const sending = shallowRef(false)

  const chosen = computed(() => [...picked].map((id) => details.value.get(id)).filter((one): one is CaseDetail => !!one))
  const ready = computed(() => picked.size > 0 && chosen.value.length === picked.size)
  const offers = computed(() => (ready.value ? common(chosen.value) : []))

  async function load(): Promise<void> {
    failed.value = null
    const stale = [...picked].filter((id) => details.value.get(id)?.case.version !== rows.get(id)?.version)
    try {
      // A few at a time: the server has others to serve.
      while (stale.length) {
        const answers = await Promise.all(stale.splice(0, AT_ONCE).map((id) => getCase(id).catch((error: unknown) => gone(error, id))))
        const next = new Map(details.value)
        for (const answer of answers) if (answer) next.set(answer.case.id, answer)
        details.value = next
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      failed.value = error
      if (error.unanswered) void whenBack().then(load)
    }
  }
  /** A case that left this person's reach is no longer picked. */
  function gone(error: unknown, id: string): null {
    if (!(error instanceof Problem) || error.trouble !== 'absent') throw error
    picked.delete(id)
    return null
  }
  watch(() => [...picked].join(), load, { immediate: true })
  watch(lastEvent, (event) => { if (event && picked.has(event.case.id) && !sending.value) void load() })

  /** Sends one act on every picked case, each an intent of its own, and tells each outcome. */
  async function send(offer: OfferedAct, said: Said): Promise<boolean> {
    if (sending.value) return false
    sending.value = true
    const all = chosen.value
    outcomes.splice(0, outcomes.length, ...all.map(({ case: row }) => ({ id: row.id, number: row.number ?? '', state: 'waits' as const, why: '' })))
    for (const detail of all) await one(detail, offer, said, outcomes.find((outcome) => outcome.id === detail.case.id)!)
    sending.value = false
    for (const outcome of outcomes) if (outcome.state === 'done') picked.delete(outcome.id)
    await load()
    return outcomes.every((outcome) => outcome.state === 'done')
  }

  async function one(detail: CaseDetail, offer: OfferedAct, said: Said, outcome: Outcome): Promise<void> {
    const mine = detail.acts.find((act) => act.act === offer.act)
    const key = crypto.randomUUID()
    const body = {
      ...said,
      ...(mine?.task_id ? { task_id: mine.task_id } : {}),
      ...(mine?.request_id ? { request_id: mine.request_id } : {}),
      expected_version: rows.get(detail.case.id)?.version ?? detail.case.version,
    }
    outcome.state = 'sending'
    for (;;) {
      try {
        const answer = await doAct(detail.case.id, offer.act, body, key)
        applyOwn(answer.case)
        outcome.state = 'done'
        return
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        if (!error.unanswered) {
          outcome.state = 'refused'
          outcome.why = error.body.errors?.map((field) => field.message).join(' ') || error.body.detail || error.body.title || error.trouble
          return
        }
        await whenBack()
      }
    }
  }

  return { chosen, ready, offers, failed, sending, load, send }
}
