/** One line that says what just happened, to eyes and to screen readers; gone after a while. */
import { ref } from 'vue'

const SHOWN_FOR = 5000
export const said = ref('')
let timer: ReturnType<typeof setTimeout> | undefined

export function say(words: string): void {
  clearTimeout(timer)
  said.value = words
  timer = setTimeout(() => { said.value = '' }, SHOWN_FOR)
}
