/** A sheet that one button opens and shuts: Escape and a press elsewhere shut it too. */
import { onBeforeUnmount, onMounted, ref, useTemplateRef, type Ref } from 'vue'

/** For a component whose template has `ref="root"` around the whole and `ref="opener"` on the
 * button. `open` may be a state that others set as well. */
export function useDisclosure(open: Ref<boolean> = ref(false)) {
  const root = useTemplateRef<HTMLElement>('root')
  const opener = useTemplateRef<HTMLButtonElement>('opener')

  /** Shut by whoever uses it: the focus goes back to the button. */
  function leave() {
    open.value = false
    opener.value?.focus()
  }
  function outside(event: MouseEvent) {
    // The path, since what was pressed may have left the page by the time this runs.
    if (root.value && !event.composedPath().includes(root.value)) open.value = false
  }
  onMounted(() => document.addEventListener('click', outside))
  onBeforeUnmount(() => document.removeEventListener('click', outside))
  return { open, leave }
}
