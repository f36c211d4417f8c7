/** Sends an act on a case and says what became of it. */
import { watch } from 'vue'
import { doAct } from '@shared/calls'
import { useIntent } from '@shared/intent'
import type { Act, CaseRow, Said } from '@shared/model'
import { applyOwn } from '../store/live'
import { announce } from '../store/ui'
import { useWording } from '../wording'

export function useAct(row: () => CaseRow | null, refresh: () => Promise<void>) {
  const { t, word } = useWording()
  const intent = useIntent()

  /** True when the act took place. `expected_version` is that of the row shown at this moment. */
  async function send(act: Act, said: Said = {}): Promise<boolean> {
    const shown = row()
    if (!shown) return false
    const full = { ...said, expected_version: shown.version }
    const answer = await intent.run((key) => doAct(shown.id, act, full, key))
    if (!answer) return false
    applyOwn(answer.case)
    announce(t('live.done', { act: word('act', act), state: word('state', answer.case.state) }))
    await refresh()
    return true
  }

  // Somebody else was first: show the case as it is now; the form keeps what was typed.
  watch(intent.problem, (problem) => {
    if (problem?.trouble === 'conflict' || problem?.trouble === 'forbidden') void refresh()
  })

  return { ...intent, send }
}
