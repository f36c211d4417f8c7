/** Who serves together on this shift, and whether they may begin a penalty today. */
import { computed } from 'vue'
import { me } from '@desk/store/session'

export const crew = computed(() => me.value?.crew ?? null)

/** Whether it is known that this crew may not begin a penalty: said on the phone before the server would. */
export const noPenalty = computed(() => {
  const qualified = crew.value?.qualified
  return qualified && !qualified.ok ? qualified : null
})
