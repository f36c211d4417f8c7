import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { IDBObjectStore } from 'fake-indexeddb'
import { LI, Server, WANG, phone, picture, report, until } from './ground'

let server: Server
beforeEach(() => {
  server = new Server()
  server.down = true
})
afterEach(() => { vi.unstubAllGlobals(); vi.restoreAllMocks() })

type Box = Awaited<ReturnType<typeof phone>>
const form = (box: Box, key = 'report') => effectScope().run(() => box.useDraft(key, () => ({ words: '', photos: [] as string[] })))!
const later = (ms: number) => new Promise((done) => setTimeout(done, ms))

it('has what was typed back after a reload, each person their own', async () => {
  let box = await phone(server)
  const one = form(box)
  await box.start(LI)
  await until(() => one.ready.value)
  one.draft.words = '写到一半'
  await later(300)
  box = await phone(server, true)
  const again = form(box)
  await box.start(LI)
  await until(() => again.ready.value)
  expect(again.draft).toEqual({ words: '写到一半', photos: [] })
  await box.leave()
  box = await phone(server, true)
  const hers = form(box)
  await box.start(WANG)
  await until(() => hers.ready.value)
  expect(hers.draft.words).toBe('')
})

it('clears a draft in the transaction that makes the act', async () => {
  const box = await phone(server)
  await box.start(LI)
  const one = form(box)
  await until(() => one.ready.value)
  const photo = await box.addPhoto(picture(), 'a.jpg')
  one.draft.words = '一'
  one.draft.photos.push(photo.id)
  await later(300)
  await box.add(report('一', { draft: 'report', photos: { photos: one.draft.photos } }))
  expect(one.draft).toEqual({ words: '', photos: [] })
  const { draftOf } = await import('../store')
  expect(await draftOf(LI.id, 'report')).toBeUndefined()
  await later(300)
  expect(await draftOf(LI.id, 'report')).toBeUndefined()
})

it('does not bring a draft back by a write that was due while the act was made', async () => {
  const box = await phone(server)
  await box.start(LI)
  const one = form(box)
  await until(() => one.ready.value)
  const add = IDBObjectStore.prototype.add
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  one.draft.words = '一'
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementationOnce(function (this: IDBObjectStore, ...given) {
    vi.advanceTimersByTime(1000)
    return add.apply(this, given)
  })
  await box.add(report('一', { draft: 'report' }))
  vi.useRealTimers()
  await later(50)
  const { draftOf } = await import('../store')
  expect(await draftOf(LI.id, 'report')).toBeUndefined()
})

it('puts the next of a sitting in the place of the draft, in the same transaction', async () => {
  const box = await phone(server)
  await box.start(LI)
  const one = form(box, 'street')
  await until(() => one.ready.value)
  one.draft.words = '第一处'
  const next = { words: '', photos: [], sitting: 's' }
  const line = await box.add(report('一', { draft: 'street', draftNext: next }))
  expect(line).not.toHaveProperty('draftNext')
  expect(one.draft).toEqual(next)
  const { draftOf } = await import('../store')
  expect((await draftOf(LI.id, 'street'))?.value).toEqual(next)
})

it('does not overwrite what was typed before the kept draft came', async () => {
  const box = await phone(server)
  await box.start(LI)
  const { putDraft } = await import('../store')
  await putDraft({ person: LI.id, key: 'report', value: { words: '旧', photos: [] }, at: '' })
  const one = form(box)
  one.draft.words = '新'
  await until(() => one.ready.value)
  expect(one.draft.words).toBe('新')
})

it('says that there is no room, and loses nothing of what was there', async () => {
  const box = await phone(server)
  await box.start(LI)
  await box.add(report('一'))
  const full = () => { throw new DOMException('no room', 'QuotaExceededError') }
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full)
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full)
  await expect(box.addPhoto(picture(), 'a.jpg')).rejects.toBeInstanceOf(box.OutboxFull)
  await expect(box.add(report('二'))).rejects.toBeInstanceOf(box.OutboxFull)
  expect(box.storage.value).toMatchObject({ tight: true, full: true })
  vi.restoreAllMocks()
  expect(box.lines.value.map((line) => line.body.description)).toEqual(['一'])
  await box.add(report('二'))
  expect(box.counts.value.waiting).toBe(2)
})

it('says before it happens that room is getting little', async () => {
  const box = await phone(server)
  const room = { usage: 0, quota: 1e9 }
  vi.stubGlobal('navigator', { language: 'zh-CN', storage: { estimate: async () => room, persisted: async () => true } })
  await box.start(LI)
  await until(() => box.storage.value.persisted)
  expect(box.storage.value).toMatchObject({ freeBytes: 1e9, tight: false, full: false })
  room.usage = 1e9 - 4e7
  await box.addPhoto(picture(), 'a.jpg')
  await until(() => box.storage.value.tight)
  expect(box.storage.value.full).toBe(false)
})

it('takes pictures as they came and refuses others at once, with the reason', async () => {
  const box = await phone(server)
  await box.start(LI)
  const kept = await box.addPhoto(picture(500), 'a.jpg', { lon: 1, lat: 2, accuracy: 9, at: 'x' })
  expect(kept).toMatchObject({ bytes: 500, place: { accuracy: 9 } })
  await expect(box.addPhoto(new Blob(['heic']), 'b.heic')).rejects.toMatchObject({ why: 'type' })
  await expect(box.addPhoto(new Blob([]), 'b.jpg')).rejects.toMatchObject({ why: 'empty' })
  await expect(box.addPhoto(picture(12 * 1024 * 1024 + 1), 'c.jpg')).rejects.toMatchObject({ why: 'too_large' })
})

it('does not forget a photo that an act carries, and no act may carry one that is not kept', async () => {
  const box = await phone(server)
  await box.start(LI)
  const photo = await box.addPhoto(picture(), 'a.jpg')
  await box.add(report('一', { photos: { photos: [photo.id] } }))
  await box.removePhoto(photo.id)
  const { photoOf } = await import('../store')
  expect(await photoOf(photo.id)).toBeDefined()
  await expect(box.add(report('二', { photos: { photos: ['gone'] } }))).rejects.toThrow('gone')
  expect(box.counts.value.waiting).toBe(1)
})

it('knows who worked here last, until they sign off; the outbox stays', async () => {
  let box = await phone(server)
  expect(await box.lastPerson()).toBeNull()
  await box.start(LI)
  await box.add(report('一'))
  box = await phone(server, true)
  expect(await box.lastPerson()).toEqual(LI)
  await box.start(LI)
  await box.leave()
  expect(await box.lastPerson()).toBeNull()
  expect(box.lines.value).toEqual([])
  expect(await box.unsentElsewhere()).toBe(1)
})

it('keeps the last answers with their time', async () => {
  const box = await phone(server)
  await box.start(LI)
  await box.keep('tasks', [1, 2])
  const found = await box.kept<number[]>('tasks')
  expect(found?.value).toEqual([1, 2])
  expect(Date.parse(found!.at)).toBeGreaterThan(0)
  expect(await box.kept('areas')).toBeNull()
})

it('forgets after seven days what is over, and photos that nothing names', async () => {
  const box = await phone(server)
  await box.start(LI)
  const loose = await box.addPhoto(picture(), 'a.jpg')
  const drafted = await box.addPhoto(picture(), 'b.jpg')
  const store = await import('../store')
  await store.putDraft({ person: LI.id, key: 'report', value: { photos: [drafted.id] }, at: '' })
  const open = await box.add(report('一'))
  const over = await box.add(report('二'))
  await store.change(over.seq, (line) => ({ ...line, state: 'dropped', endedAt: new Date().toISOString() }))
  await store.sweep(new Date(Date.now() + 1000).toISOString())
  expect((await store.linesOf(LI.id)).map((line) => line.id)).toEqual([open.id])
  expect(await store.photoOf(loose.id)).toBeUndefined()
  expect(await store.photoOf(drafted.id)).toBeDefined()
})
