/** Who sits here. */
import { shallowRef } from 'vue'
import { getMe } from '@shared/calls'
import type { Me } from '@shared/model'

export const me = shallowRef<Me | null>(null)

export async function loadMe(): Promise<Me> {
  me.value = await getMe()
  return me.value
}

export function toSignIn(): void {
  window.location.assign(`/sign-in?next=${encodeURIComponent(window.location.pathname)}`)
}
