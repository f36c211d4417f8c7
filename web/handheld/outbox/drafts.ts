/** What is being typed, kept at every change: a reload or a new version of the app takes nothing. */
import { onScopeDispose, reactive, ref, watch, type Ref } from 'vue'
import { OutboxFull } from './shapes'
import { look } from './storage'
import { draftOf, dropDraft, putDraft } from './store'
import { asSomebody } from './who'

const SOON = 250

export interface KeptDraft<T extends object> {
  /** Reactive; its fields are bound to the form. */
  draft: T
  /** Whether what was kept has been put back. */
  ready: Ref<boolean>
  /** Blank again, here and in the database. */
  clear: () => Promise<void>
}

interface Living { flush: () => void; blank: () => void }
const living = new Map<string, Set<Living>>()

if (typeof window !== 'undefined') {
  const flushAll = () => living.forEach((all) => all.forEach((one) => one.flush()))
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') flushAll() })
  window.addEventListener('pagehide', flushAll)
}

/** Forms that were open on a draft begin anew: the act that was made from it holds what they said. */
export function blankDraft(key: string): void {
  living.get(key)?.forEach((one) => one.blank())
}

export function useDraft<T extends object>(key: string, blank: () => T): KeptDraft<T> {
  const draft = reactive(blank()) as T
  const ready = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let touched = false
  let quiet = false

  function fill(value: T): void {
    quiet = true
    for (const name of Object.keys(draft)) if (!(name in value)) delete draft[name as keyof T]
    Object.assign(draft, value)
    quiet = false
  }

  async function write(): Promise<void> {
    timer = undefined
    const value: unknown = JSON.parse(JSON.stringify(draft))
    const who = await asSomebody()
    try {
      await putDraft({ person: who.id, key, value, at: new Date().toISOString() })
    } catch (reason) {
      if (!(reason instanceof OutboxFull)) throw reason
      await look(true)
    }
  }

  const stop = watch(draft, () => {
    if (quiet) return
    touched = true
    timer ??= setTimeout(() => void write(), SOON)
  }, { deep: true, flush: 'sync' })

  const me: Living = {
    flush: () => {
      if (timer === undefined) return
      clearTimeout(timer)
      void write()
    },
    blank: () => {
      clearTimeout(timer)
      timer = undefined
      fill(blank())
    },
  }
  const all = living.get(key) ?? new Set()
  living.set(key, all.add(me))
  onScopeDispose(() => { me.flush(); stop(); all.delete(me) })

  void asSomebody().then((who) => draftOf(who.id, key)).then((found) => {
    // Whoever was quicker than the database has the word.
    if (found && !touched) fill({ ...blank(), ...(found.value as T) })
  }).finally(() => { ready.value = true })

  async function clear(): Promise<void> {
    me.blank()
    await dropDraft((await asSomebody()).id, key)
  }

  return { draft, ready, clear }
}
