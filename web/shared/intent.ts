/**
 * One intent of the user to write: sent once, retried with the same key, never doubled.
 *
 * The key is made when the intent is first sent and kept until the server has given a definite
 * answer. While the outcome is unknown the same body is sent again as soon as the server is back;
 * the form stays locked meanwhile, because another body under the same key would be refused.
 */
import { computed, shallowRef } from 'vue'
import { whenBack } from './health'
import { Problem } from './problem'

const RETRY_AFTER = 1000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export type Phase = 'idle' | 'sending' | 'waiting'

export function useIntent() {
  const phase = shallowRef<Phase>('idle')
  const problem = shallowRef<Problem | null>(null)
  let attempt = 0

  /** Sends; null when refused (see `problem`), given up, or while another sending is under way. */
  async function run<T>(send: (key: string) => Promise<T>): Promise<T | null> {
    if (phase.value !== 'idle') return null
    const key = crypto.randomUUID()
    const mine = ++attempt
    problem.value = null
    try {
      for (;;) {
        phase.value = 'sending'
        try {
          return await send(key)
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          if (!error.unanswered) {
            problem.value = error
            return null
          }
          phase.value = 'waiting'
          await Promise.all([whenBack(), pause(RETRY_AFTER)])
          if (mine !== attempt) return null
        }
      }
    } finally {
      if (mine === attempt) phase.value = 'idle'
    }
  }

  /** Stops waiting; what was typed stays. */
  function giveUp(): void {
    attempt++
    phase.value = 'idle'
  }

  return {
    phase,
    problem,
    busy: computed(() => phase.value !== 'idle'),
    fields: computed(() => problem.value?.fields ?? {}),
    run,
    giveUp,
  }
}

export type Intent = ReturnType<typeof useIntent>
