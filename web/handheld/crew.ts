/** Who serves together on this shift, and whether they may begin a penalty. */
import { computed } from 'vue'
import type { Names } from '@shared/model'
import { nameOf } from '@shared/i18n/language'
import { me } from '@desk/store/session'

export interface CrewMember { id?: string; name: string; kind: string; certified?: boolean }
export interface CrewFacts { members?: CrewMember[]; qualified?: boolean; why_not?: Names | string | null }

export const crew = computed(() => (me.value?.crew ?? null) as (NonNullable<typeof me.value>['crew'] & CrewFacts) | null)

/** Why this crew begins no penalty, in words; empty when it may or when the server decides. */
export const whyNoPenalty = computed(() => {
  const found = crew.value
  if (!found || found.qualified !== false) return ''
  const why = found.why_not
  return (typeof why === 'string' ? why : nameOf(why)) || '—'
})
