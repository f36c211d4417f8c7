/** What this person has been told and nobody has taken yet. */
import { computed, reactive, ref, shallowReactive } from 'vue'
import { acknowledgeNotice, getNotices } from '@shared/calls'
import { language } from '@shared/i18n/language'
import type { Notice, NoticeHow } from '@shared/model'
import { chime } from '../chime'
import { announce, soundOn } from './ui'

const open = shallowReactive(new Map<string, Notice>())
export const noticesMeta = reactive({ loaded: false })

/** The notice that a push brought this person here for. */
export const pushed = ref('')

/** Newest first; ids are made in the order of time. */
const sorted = computed(() => [...open.values()].sort((a, b) => (a.id < b.id ? 1 : -1)))
export const alerts = computed(() => sorted.value.filter((notice) => notice.level === 'alert'))
export const infos = computed(() => sorted.value.filter((notice) => notice.level !== 'alert'))
export const notices = computed(() => [...alerts.value, ...infos.value])

export const textOf = (notice: Notice): string => (language.value === 'en' ? notice.text.en : notice.text.zh)

export async function loadNotices(): Promise<void> {
  const { items } = await getNotices()
  open.clear()
  for (const item of items) open.set(item.id, item)
  noticesMeta.loaded = true
}

/** From the stream: new, or taken by somebody. */
export function takeNotice(notice: Notice): void {
  if (notice.acknowledged_at) {
    open.delete(notice.id)
    return
  }
  const known = open.has(notice.id)
  open.set(notice.id, notice)
  if (known) return
  announce(textOf(notice))
  if (notice.level === 'alert' && soundOn.value) chime()
}

/** Takes a notice; whatever the answer says of it counts. */
export async function acknowledge(id: string, how: NoticeHow, key: string): Promise<Notice> {
  const taken = await acknowledgeNotice(id, how, key)
  takeNotice(taken)
  return taken
}

/** Reads all information, one after the other; alerts are taken one by one by a person. */
export async function readAll(): Promise<void> {
  for (const { id } of infos.value) await acknowledge(id, 'here', crypto.randomUUID())
}
