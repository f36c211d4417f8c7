/** A case's address names it by id or by the number that people say. */
import { shallowRef, watch, type Ref } from 'vue'
import { getCases } from '@shared/calls'
import { Problem } from '@shared/problem'
import { rows } from './rows'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export interface Named {
  /** Null while it is being looked up, and where there is none. */
  id: string | null
  missing: boolean
}

export function useCaseId(wanted: Ref<string | null>) {
  const found = shallowRef<Named>({ id: null, missing: false })

  watch(wanted, async (name) => {
    if (!name || UUID.test(name)) {
      found.value = { id: name, missing: false }
      return
    }
    const held = [...rows.values()].find((row) => row.number === name)
    found.value = { id: held?.id ?? null, missing: false }
    if (held) return
    try {
      const page = await getCases({ tab: 'all', q: name, limit: 2 })
      if (wanted.value !== name) return
      const row = page.items.find((one) => one.number === name)
      found.value = { id: row?.id ?? null, missing: !row }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      found.value = { id: null, missing: true }
    }
  }, { immediate: true })

  return found
}
