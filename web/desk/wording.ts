/** Spans, instants and names in the chosen language. */
import { useI18n } from 'vue-i18n'
import { language, nameOf } from '@shared/i18n/language'
import { splitMinutes, type Reading } from '@shared/limit'
import type { Assignee, CaseRow, Limit } from '@shared/model'
import { me } from './store/session'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // The district's time, wherever the browser stands.
  const zone = me.value?.district.timezone
  const key = `${language.value}${zone}${JSON.stringify(options)}`
  let known = formats.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(language.value === 'en' ? 'en-GB' : 'zh-CN', { timeZone: zone, ...options })
    formats.set(key, known)
  }
  return known
}

export function clockTime(at: string | number): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
}

export function dayOf(at: string | number): string {
  return format({ year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at))
}

/** "11/22", "22 Nov". */
export function shortDay(at: string | number): string {
  return format(language.value === 'en' ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'numeric' }).format(new Date(at))
}

/** The district's calendar day, so many days from an instant: "2026-11-30". */
export function dateAfter(now: number, days: number): string {
  const zone = me.value?.district.timezone
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now + days * 86_400_000)
}

/** A calendar day in words: "11月30日". */
export function dayWord(date: string): string {
  return shortDay(`${date}T12:00:00Z`)
}

export function useWording() {
  const { t, te } = useI18n()

  function span(minutes: number): string {
    const { d, h, m } = splitMinutes(minutes)
    if (d) return h ? t('span.dh', { d, h }) : t('span.d', { d })
    if (h) return m ? t('span.hm', { h, m }) : t('span.h', { h })
    return t('span.m', { m })
  }

  /** "剩 24 分", "超 12 分", or the word for a clock that stands. */
  function timeLeft(reading: Reading): string {
    if (reading.paused) return t('clock.paused')
    if (reading.used !== null) return t('clock.used', { span: span(reading.used) })
    if (reading.minutes === null) return ''
    if (reading.overdue) return t('clock.over', { span: span(-reading.minutes) })
    if (reading.minutes < 1) return t('clock.nearly')
    return t('clock.left', { span: span(reading.minutes) })
  }

  /** "14:32", or with the day when it is another one. */
  function moment(at: string | number, now: number): string {
    const time = clockTime(at)
    return dayOf(at) === dayOf(now) ? time : `${shortDay(at)} ${time}`
  }

  /** Relative and absolute together: "12 分钟前 · 14:32". */
  function ago(at: string, now: number): string {
    const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000))
    const relative = minutes < 1 ? t('span.justNow') : t('span.ago', { span: span(minutes) })
    return `${relative} · ${moment(at, now)}`
  }

  function limit(value: Limit | null | undefined): string {
    if (!value) return ''
    const key = `unit.${value.unit}`
    return te(key) ? t(key, { n: value.value }, value.value) : `${value.value} ${value.unit}`
  }

  /** A word by key; codes that a newer server sends show as they are. */
  function word(group: string, code: string): string {
    const key = `${group}.${code}`
    return te(key) ? t(key) : code
  }

  const classCode = (row: Pick<CaseRow, 'kind' | 'code'>) =>
    row.kind && row.code ? `${word('kind', row.kind)}${row.code}` : t('case.noClass')
  /** The class's name, or what the reporter called it. */
  const className = (row: Pick<CaseRow, 'class_name'>) => nameOf(row.class_name) || t('case.noClass')
  const assignee = (who: Assignee | null) => nameOf(who?.name)
  const area = (row: CaseRow) => (row.area ? nameOf(row.area) : '')

  return { t, te, span, timeLeft, moment, ago, limit, word, className, classCode, assignee, area, nameOf }
}
