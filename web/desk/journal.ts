/** Words for a journal entry: the entry holds codes and ids, the wording is made here. */
import type { Names, TimelineEntry } from '@shared/model'
import type { useWording } from './wording'

type Wording = Pick<ReturnType<typeof useWording>, 't' | 'te' | 'word' | 'nameOf' | 'classCode'>

function names(value: unknown): Partial<Names> | null {
  return typeof value === 'object' && value !== null && ('zh' in value || 'en' in value) ? (value as Names) : null
}
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Who was sent, whatever shape the entry has for it: names, or an object that holds them. */
function assignee(data: Record<string, unknown>, w: Wording): string {
  for (const key of ['assignee', 'assignee_name', 'to', 'crew', 'unit']) {
    const value = data[key]
    const direct = names(value) ?? names((value as { name?: unknown } | null)?.name)
    if (direct) return w.nameOf(direct)
  }
  return ''
}

/** What the act says beyond its name, and by whom. */
export function journalText(entry: TimelineEntry, w: Wording): string {
  const data = entry.data ?? {}
  const parts: string[] = []
  const to = assignee(data, w)
  if (to) parts.push(w.t('journal.to', { who: to }))
  if (text(data.kind) && text(data.code)) {
    parts.push(`${w.nameOf(names(data.class_name))} ${w.word('kind', text(data.kind))}${text(data.code)}`.trim())
  }
  if (text(data.source)) parts.push(w.word('source', text(data.source)))
  if (text(data.number)) parts.push(text(data.number))
  if (text(data.into_number)) parts.push(w.t('journal.into', { number: text(data.into_number) }))
  const photos = Array.isArray(data.photos) ? data.photos.length : Number(data.photo_count ?? 0)
  if (photos > 0) parts.push(w.t('journal.photos', { n: photos }, photos))
  if (entry.actor?.name) parts.push([entry.actor.name, entry.actor.role ? w.word('role', entry.actor.role) : ''].filter(Boolean).join(' '))
  return parts.join(' · ')
}
