/** What was chosen last stands in front: classes and streets, on this phone. */
import { ref, type Ref } from 'vue'

const KEPT = 6

function read(name: string): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? '[]')
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}

function recents(name: string): { list: Ref<string[]>; use(value: string): void } {
  const list = ref(read(name))
  return {
    list,
    use(value) {
      if (!value) return
      list.value = [value, ...list.value.filter((one) => one !== value)].slice(0, KEPT)
      localStorage.setItem(name, JSON.stringify(list.value))
    },
  }
}

export const recentClasses = recents('lianqin.recent.classes')
export const recentStreets = recents('lianqin.recent.streets')
