/** The open case: fetched once, again only when it changed and somebody looks. */
import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue'
import { getCase } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { CaseDetail } from '@shared/model'
import { Problem } from '@shared/problem'
import { applyRow, onReset } from './live'
import { at, lastEvent, rows } from './rows'

export function useOpenCase(id: string) {
  const detail = shallowRef<CaseDetail | null>(null)
  const problem = shallowRef<Problem | null>(null)
  /** The row moves with the stream, ahead of the rest. */
  const row = computed(() => rows.get(id) ?? detail.value?.case ?? null)
  /** It was here a moment ago and has left this person's reach, often by their own act. */
  const left = shallowRef(false)
  let dirty = false
  let alive = true
  let under: Promise<void> | null = null

  async function load(): Promise<void> {
    dirty = false
    try {
      const answer = await getCase(id)
      if (!alive) return
      applyRow(answer.case)
      // An older answer must not replace a newer one.
      if (!detail.value || at(answer.case) >= at(detail.value.case)) detail.value = answer
      problem.value = null
      left.value = false
    } catch (error) {
      if (!(error instanceof Problem) || !alive) return
      problem.value = error
      // It left this person's place: nothing of it stays on the screen.
      if (error.trouble === 'absent') {
        left.value = !!detail.value || left.value
        detail.value = null
      }
      if (error.unanswered) void whenBack().then(() => { if (alive) void refresh() })
    }
  }

  /** One request at a time; a wish that comes meanwhile is kept. */
  async function refresh(): Promise<void> {
    if (document.hidden) {
      dirty = true
      return
    }
    if (under) {
      dirty = true
      return under
    }
    under = load()
    await under
    under = null
    if (dirty && alive) await refresh()
  }

  const visible = () => { if (!document.hidden && dirty) void refresh() }
  // Each event counts: those that arrive together are not seen as one.
  watch(lastEvent, (event) => { if (event?.case.id === id) void refresh() }, { flush: 'sync' })
  watch(() => rows.has(id), (held) => { if (!held && detail.value) void refresh() })
  const unhook = onReset(() => void refresh())
  onMounted(() => {
    document.addEventListener('visibilitychange', visible)
    void load()
  })
  onBeforeUnmount(() => {
    alive = false
    unhook()
    document.removeEventListener('visibilitychange', visible)
  })

  return { detail, row, problem, left, refresh }
}
