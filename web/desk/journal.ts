/** Words for a journal entry: the entry holds codes and ids, the wording is made here. */
import type { CaseDetail, TimelineEntry } from '@shared/model'
import { useClasses } from './store/reference'
import { dayWord, type useWording } from './wording'

type Wording = ReturnType<typeof useWording>

const DAY = /^\d{4}-\d{2}-\d{2}$/
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The name of an act; a further report on a case is not a new one. */
export function actWord(entry: TimelineEntry, w: Wording): string {
  return entry.act === 'report' && entry.data.joined ? w.t('act.joined_report') : w.word('act', entry.act)
}

/** What the act says beyond its name, and by whom. */
export function journalText(entry: TimelineEntry, detail: CaseDetail, w: Wording): string {
  const { name, role } = entry.actor
  const who = role === 'clock' ? w.word('role', role) : [name, role ? w.word('role', role) : ''].filter(Boolean).join(' ')
  return [...told(entry, detail, w), who].filter(Boolean).join(' · ')
}

const TO_HANDS = new Set(['dispatch', 'add_task', 'designate', 'ask_department'])

function told({ act, data }: TimelineEntry, detail: CaseDetail, w: Wording): string[] {
  const task = detail.tasks.find((one) => one.id === data.task)
  const hands = task ? w.nameOf(task.assignee.name) : ''
  const limit = /^(\d+):(\w+)$/.exec(text(data.limit))
  return [
    act === 'clock_alert' ? alertText(data, w) : '',
    hands && TO_HANDS.has(act) ? w.t('journal.to', { who: hands }) : '',
    hands && act === 'withdraw_task' ? w.t('journal.withdrawn', { who: hands }) : '',
    text(data.kind) && act !== 'report' ? w.word('requestKind', text(data.kind)) : '',
    text(data.class) ? classText(text(data.class), w) : '',
    text(data.source) ? w.word('source', text(data.source)) : '',
    typeof data.found === 'boolean' ? w.t(data.found ? 'journal.found' : 'journal.notFound') : '',
    text(data.means) ? w.word('means', text(data.means)) : '',
    DAY.test(text(data.until)) ? w.t('journal.until', { day: dayWord(text(data.until)) }) : '',
    limit ? w.t('journal.limit', { limit: w.limit({ value: Number(limit[1]), unit: limit[2]! }) }) : '',
    act === 'urge' && Number(data.count) > 1 ? w.t('journal.count', { n: Number(data.count) }) : '',
    Number(data.photos) > 0 ? w.t('journal.photos', { n: Number(data.photos) }, Number(data.photos)) : '',
  ]
}

/** How far which clock had come when the alert was given. */
function alertText(data: TimelineEntry['data'], w: Wording): string {
  const stage = w.word('clockStage', text(data.stage)), n = Number(data.share)
  return w.t(n < 100 ? 'journal.share' : 'journal.over', { stage, n })
}

/** "event.0406" in words. */
function classText(key: string, w: Wording): string {
  const [kind = '', code = ''] = key.split('.')
  const known = useClasses().value.find((item) => item.kind === kind && item.code === code)
  return [w.nameOf(known?.name), w.classCode({ kind, code })].filter(Boolean).join(' ')
}
