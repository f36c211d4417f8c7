/** 强光模式: black on white with strong edges, whatever light or dark was chosen. */
import { ref, watchEffect } from 'vue'

const STORE = 'lianqin.sunlight'

export const sunlight = ref(localStorage.getItem(STORE) === 'on')

export function followSunlight(): void {
  watchEffect(() => {
    document.documentElement.dataset.sunlight = sunlight.value ? 'on' : 'off'
    localStorage.setItem(STORE, sunlight.value ? 'on' : 'off')
  }, { flush: 'sync' })
}
