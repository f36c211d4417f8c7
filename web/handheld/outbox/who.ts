/** Who works on this phone. */
import { watch } from 'vue'
import { person } from './state'
import { people } from './store'

export interface Somebody { id: string; name: string }

/** The person, as soon as it is known who. */
export function asSomebody(): Promise<Somebody> {
  if (person.value) return Promise.resolve(person.value)
  return new Promise((resolve) => {
    const stop = watch(person, (who) => {
      if (!who) return
      stop()
      resolve(who)
    }, { flush: 'sync' })
  })
}

/** Who worked here last and has not signed off: a start without a signal goes on as them. */
export async function lastPerson(): Promise<Somebody | null> {
  const found = (await people()).find((one) => one.here)
  return found ? { id: found.id, name: found.name } : null
}
