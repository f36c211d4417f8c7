/** Who sits here. */
import { computed, shallowRef } from 'vue'
import { getMe } from '@shared/calls'
import type { Me } from '@shared/model'
import { learnDemoTime } from '@shared/time'

export const me = shallowRef<Me | null>(null)

/** Whether this person may take in reports at all. */
export const mayReport = computed(() => me.value?.may.includes('report') ?? false)

export async function loadMe(): Promise<Me> {
  const who = await getMe()
  me.value = who
  learnDemoTime(who.demo_time)
  return who
}

export function toSignIn(): void {
  window.location.assign(`/sign-in?next=${encodeURIComponent(window.location.pathname)}`)
}

/** Signs in again in a tab of its own: what was typed on this page stays where it is. */
export function signInBeside(): void {
  window.open('/sign-in?next=/account/', '_blank')
}
