/** Words for a journal entry: the entry holds codes and ids, the wording is made here. */
import type { CaseDetail, TimelineEntry } from '@shared/model'
import { useClasses } from './store/reference'
import type { useWording } from './wording'

type Wording = ReturnType<typeof useWording>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The name of an act; a further report on a case is not a new one. */
export function actWord(entry: TimelineEntry, w: Wording): string {
  return entry.act === 'report' && entry.data.joined ? w.t('act.joined_report') : w.word('act', entry.act)
}

/** What the act says beyond its name, and by whom. */
export function journalText(entry: TimelineEntry, detail: CaseDetail, w: Wording): string {
  const { data } = entry
  const parts: string[] = []
  const task = detail.tasks.find((one) => one.id === data.task)
  if (entry.act === 'dispatch' && task) parts.push(w.t('journal.to', { who: w.nameOf(task.assignee.name) }))
  if (text(data.class)) parts.push(classText(text(data.class), w))
  if (text(data.source)) parts.push(w.word('source', text(data.source)))
  if (Number(data.photos) > 0) parts.push(w.t('journal.photos', { n: Number(data.photos) }, Number(data.photos)))
  const { name, role } = entry.actor
  parts.push([name, role ? w.word('role', role) : ''].filter(Boolean).join(' '))
  return parts.filter(Boolean).join(' · ')
}

/** "event.0406" in words. */
function classText(key: string, w: Wording): string {
  const [kind = '', code = ''] = key.split('.')
  const known = useClasses().value.find((item) => item.kind === kind && item.code === code)
  return [w.nameOf(known?.name), w.classCode({ kind, code })].filter(Boolean).join(' ')
}
