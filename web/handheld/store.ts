/** What the handheld knows: who one is, the tasks, the lists. Read from the server when it answers,
 *  from the phone when it does not; what is shown then says as of when. */
import { computed, ref, shallowRef, watch } from 'vue'
import { getAreas, getClasses, getMyTasks } from '@shared/calls'
import { whenBack } from '@shared/health'
import type { Area, CaseClass, Me } from '@shared/model'
import { listen } from '@shared/pagestream'
import { Problem } from '@shared/problem'
import { learnDemoTime } from '@shared/time'
import { loadMe, me } from '@desk/store/session'
import type { HandTask } from './afterwards'
import * as outbox from './outbox'
import { keep, kept } from './outbox'

export const tasks = shallowRef<HandTask[] | null>(null)
/** When the tasks shown were read, by this phone's clock. */
export const tasksAt = ref<string | null>(null)
export const classes = shallowRef<CaseClass[]>([])
export const areas = shallowRef<Area[]>([])
/** Whether the server said that nobody is signed in. */
export const signedOut = ref(false)
export const opened = ref(false)
export const problem = shallowRef<Problem | null>(null)

export const mayReport = computed(() => me.value?.may.includes('report') ?? false)
export const maySettle = computed(() => me.value?.may.includes('settle') ?? false)
/** What a find of this person's counts as. */
export const ownSource = computed(() => (me.value?.roles.every((role) => role.role === 'collector') ? 'collector' : 'patrol'))


async function restore(): Promise<void> {
  const who = await kept<Me>('me')
  if (who && !me.value) {
    me.value = who.value
    learnDemoTime(who.value.demo_time)
  }
  const list = await kept<HandTask[]>('tasks')
  if (list && !tasks.value) [tasks.value, tasksAt.value] = [list.value, list.at]
  classes.value = (await kept<CaseClass[]>('classes'))?.value ?? []
  areas.value = (await kept<Area[]>('areas'))?.value ?? []
}

/** Opens with what the phone has, then asks the server. */
export async function open(): Promise<void> {
  const last = await outbox.lastPerson()
  if (last) {
    await outbox.start(last)
    await restore()
  } else {
    // Nobody works here now: how much of whom waits is counted all the same.
    await outbox.leave()
  }
  opened.value = !!me.value
  await refresh()
  opened.value = true
}

/** Asks the server who one is, what there is to do, and for the lists. */
export async function refresh(): Promise<void> {
  try {
    const before = me.value?.user.id
    const who = await loadMe()
    // Another person: nothing of the first one's may stay on the screen.
    if (before && before !== who.user.id) {
      await outbox.start(who.user)
      return window.location.reload()
    }
    if (!before) {
      await outbox.start(who.user)
      await restore()
      me.value = who
    }
    signedOut.value = false
    problem.value = null
    void keep('me', who)
    follow(who)
    outbox.sendNow()
    await Promise.all([loadTasks(), loadLists()])
  } catch (error) {
    note(error)
    if (problem.value?.unanswered) void whenBack().then(refresh)
  }
}

function note(error: unknown): void {
  if (!(error instanceof Problem)) throw error
  if (error.trouble === 'signed-out') signedOut.value = true
  problem.value = error
}

export async function loadTasks(): Promise<void> {
  try {
    tasks.value = (await getMyTasks()).tasks
    tasksAt.value = new Date().toISOString()
    await keep('tasks', tasks.value)
  } catch (error) {
    note(error)
  }
}

async function loadLists(): Promise<void> {
  const [found, places] = await Promise.all([getClasses(), getAreas()])
  classes.value = found.items
  areas.value = places.items
  await Promise.all([keep('classes', found.items), keep('areas', places.items)])
}

let timer: ReturnType<typeof setTimeout> | undefined
/** Reads the tasks anew soon: once for many events, and not while nobody looks. */
function soon(): void {
  timer ??= setTimeout(() => {
    timer = undefined
    if (!document.hidden) return void loadTasks()
    document.addEventListener('visibilitychange', soon, { once: true })
  }, 500)
}

/** Acts after which a crew's or a checker's list may look different. */
const MINE = /^(dispatch|add_task|withdraw_task|designate|ask_verify|check_fail|rework|grant|cancel|reopen)/
function follow(who: Me): void {
  listen({ id: who.user.id, position: who.position }, {
    onCase: (event) => {
      const shown = tasks.value?.some((task) => task.case.id === event.case.id)
      const drawn = event.to_state === 'to_check' || event.to_state === 'verifying'
      if (shown || drawn || MINE.test(event.act)) soon()
    },
    onGone: soon,
    onReset: soon,
    onTime: learnDemoTime,
    onNotice: () => undefined,
  }, async () => {
    await refresh()
    return me.value && !signedOut.value ? { id: me.value.user.id, position: me.value.position } : null
  })
}

// What was sent has changed the list.
watch(() => outbox.lines.value.filter((line) => line.state === 'sent').length, (now, before) => { if (now > before) soon() })
watch(outbox.sending, (state) => { if (state === 'signed-out') signedOut.value = true })
