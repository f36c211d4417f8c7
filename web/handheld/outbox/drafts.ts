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

interface Living { flush: () => void; hold: () => Promise<void>; release: (spent: boolean, next?: object) => void }
const living = new Map<string, Set<Living>>()

if (typeof window !== 'undefined') {
  const flushAll = () => living.forEach((all) => all.forEach((one) => one.flush()))
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') flushAll() })
  window.addEventListener('pagehide', flushAll)
}

/**
 * Makes an act of a draft. Nothing of the draft is written meanwhile, so that no late write brings
 * back what the act holds now; then the forms that were open on it begin anew, or with `next`.
 */
export async function spend<R>(key: string, make: () => Promise<R>, next?: object): Promise<R> {
  const forms = [...(living.get(key) ?? [])]
  await Promise.all(forms.map((one) => one.hold()))
  let made = false
  try {
    const result = await make()
    made = true
    return result
  } finally {
    forms.forEach((one) => one.release(made, next))
  }
}

export function useDraft<T extends object>(key: string, blank: () => T): KeptDraft<T> {
  const draft = reactive(blank()) as T
  const ready = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()
  let held = false
  let touched = false
  let quiet = false

  function fill(value: T): void {
    quiet = true
    for (const name of Object.keys(draft)) if (!(name in value)) delete draft[name as keyof T]
    Object.assign(draft, value)
    quiet = false
  }

  function write(): void {
    timer = undefined
    if (!held) writing = Promise.all([writing, put()]).then(() => undefined)
  }

  async function put(): Promise<void> {
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
    timer ??= setTimeout(write, SOON)
  }, { deep: true, flush: 'sync' })

  const me: Living = {
    flush: () => {
      if (timer === undefined) return
      clearTimeout(timer)
      write()
    },
    hold: async () => {
      held = true
      clearTimeout(timer)
      // A draft that could not be written is no reason not to keep the act.
      await writing.catch(() => undefined)
    },
    release: (spent, next) => {
      held = false
      clearTimeout(timer)
      timer = undefined
      if (spent) fill({ ...blank(), ...next })
      else write()
    },
  }
  const all = living.get(key) ?? new Set()
  living.set(key, all.add(me))
  onScopeDispose(() => { me.flush(); stop(); all.delete(me) })

  void asSomebody().then((who) => draftOf(who.id, key)).then((found) => {
    // Whoever was quicker than the database has the word.
    if (found && !touched) fill({ ...blank(), ...(found.value as T) })
  }).finally(() => { ready.value = true })

  const clear = (): Promise<void> => spend(key, async () => dropDraft((await asSomebody()).id, key))

  return { draft, ready, clear }
}
