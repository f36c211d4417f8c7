/** Lists that hardly ever change: fetched once when first needed. */
import { shallowRef, type ShallowRef } from 'vue'
import { getAreas, getClasses } from '@shared/calls'
import type { Area, CaseClass } from '@shared/model'

function once<T>(load: () => Promise<{ items: T[] }>): () => ShallowRef<T[]> {
  const items = shallowRef<T[]>([])
  let under: Promise<void> | null = null
  return () => {
    under ??= load().then(
      (answer) => { items.value = answer.items },
      () => { under = null },
    )
    return items
  }
}

export const useClasses = once<CaseClass>(getClasses)
export const useAreas = once<Area>(getAreas)

/** A class key from the value of the class field ("event/0406"); null when none is chosen. */
export function classOf(value: string): { kind: 'event' | 'part'; code: string } | null {
  const [kind, code] = value.split('/')
  return code && (kind === 'event' || kind === 'part') ? { kind, code } : null
}
