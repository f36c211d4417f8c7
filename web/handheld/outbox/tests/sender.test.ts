import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CASE, LI, OTHER, Server, WANG, act, phone, picture, report, until } from './ground'

let server: Server
beforeEach(() => { server = new Server() })
afterEach(() => { vi.unstubAllGlobals(); vi.useRealTimers() })

it('keeps everything over a reload and sends it once, in order, photos before their act', async () => {
  server.down = true
  let box = await phone(server)
  await box.start(LI)
  const photo = await box.addPhoto(picture(), 'a.jpg')
  await box.add(report('一', { photos: { photos: [photo.id] } }))
  await box.add(act('accept'))
  await box.add(act('on_scene'))
  expect(box.counts.value).toMatchObject({ waiting: 3, photos: 1, bytes: 64 })
  await until(() => box.sending.value === 'offline' && box.nextTryAt.value !== null)
  // The page is gone before its next try.
  await box.leave()

  box = await phone(server, true)
  server.down = false
  await box.start(LI)
  await until(() => box.counts.value.waiting === 0)
  const writes = server.writes()
  expect(writes.map((call) => call.path)).toEqual(['/api/v1/files', '/api/v1/reports', `/api/v1/cases/${CASE}/acts/accept`, `/api/v1/cases/${CASE}/acts/on_scene`])
  expect(writes[0]!.key).toBe(photo.id)
  expect(writes[1]!.body).toMatchObject({ description: '一', photos: ['file-1'] })
  expect(writes.map((call) => call.body?.expected_version)).toEqual([undefined, undefined, 5, 6])
  expect(writes.every((call) => !Number.isNaN(Date.parse(call.headers.get('Device-Time') ?? '')))).toBe(true)
  expect(new Set(server.taken()).size).toBe(4)
  expect(box.lines.value.map((line) => line.state)).toEqual(['sent', 'sent', 'sent'])
  expect(await box.photoUrl(photo.id)).toBe('')
})

it('sends the same body under the same key again when the answer was lost', async () => {
  const box = await phone(server)
  await box.start(LI)
  server.told = [{ path: /accept/, answer: 'cut', after: true }]
  const line = await box.add(act('accept'))
  await until(() => box.sending.value === 'offline')
  box.sendNow()
  await until(() => box.counts.value.waiting === 0)
  const [first, second] = server.writes()
  expect(second!.key).toBe(line.id)
  expect(second).toMatchObject({ key: first!.key, body: first!.body })
  expect(server.taken()).toEqual([line.id])
})

it('uploads a photo again under its key when the line broke in the middle', async () => {
  const box = await phone(server)
  await box.start(LI)
  const photo = await box.addPhoto(picture(), 'a.jpg')
  server.told = [{ path: /files/, answer: 'cut', after: true }]
  await box.add(report('二', { photos: { photos: [photo.id] } }))
  await until(() => box.sending.value === 'offline')
  box.sendNow()
  await until(() => box.counts.value.waiting === 0)
  expect(server.writes().filter((call) => call.file).map((call) => call.key)).toEqual([photo.id, photo.id])
  expect(server.taken()).toHaveLength(2)
})

it('uploads anew under new keys when the server has swept the photos', async () => {
  const box = await phone(server)
  await box.start(LI)
  const photo = await box.addPhoto(picture(), 'a.jpg')
  server.told = [{ path: /reports/, answer: { status: 422, body: { code: 'photo_not_found' } } }]
  const line = await box.add(report('三', { photos: { photos: [photo.id] } }))
  await until(() => box.counts.value.waiting === 0)
  const keys = server.writes().map((call) => call.key)
  expect(keys.slice(0, 2)).toEqual([photo.id, line.id])
  expect(new Set(keys).size).toBe(4)
  expect(server.writes().at(-1)!.body!.photos).toEqual(['file-2'])
})

const THEIRS = { state: 'suspended', version: 8, act: 'suspend', actor_name: '赵', recorded_at: '2026-01-01T00:00:00Z' }
const conflict = { status: 409, body: { code: 'conflict', params: { theirs: THEIRS } } }

it('shows a conflict with both sides, goes on elsewhere, and sends mine on the present version', async () => {
  const box = await phone(server)
  await box.start(LI)
  server.told = [{ path: /on_scene/, answer: conflict }]
  const mine = await box.add(act('on_scene', { body: { note: '到了' } }))
  await box.add(act('report_back'))
  await box.add(act('accept', { caseId: OTHER, expectedVersion: 3 }))
  await until(() => box.counts.value.conflict === 1 && box.sending.value === 'idle')
  const [first, held] = box.lines.value
  expect(first).toMatchObject({ state: 'conflict', theirs: THEIRS, body: { note: '到了' } })
  expect(box.heldBack(held!)).toBe(true)
  expect(server.writes().map((call) => call.path.split('/').at(-1))).toEqual(['on_scene', 'accept'])
  server.versions.set(CASE, 8)
  await box.resolve(mine.id, 'mine')
  await until(() => box.counts.value.waiting === 0)
  const again = server.writes().slice(2)
  expect(again.map((call) => [call.path.split('/').at(-1), call.body!.expected_version])).toEqual([['on_scene', 8], ['report_back', 9]])
  expect(again[0]!.key).not.toBe(mine.id)
})

it('does not send mine where the case offers it no more', async () => {
  const box = await phone(server)
  await box.start(LI)
  server.told = [{ path: /accept/, answer: conflict }]
  const mine = await box.add(act('accept'))
  await until(() => box.counts.value.conflict === 1)
  await expect(box.resolve(mine.id, 'mine')).rejects.toBeInstanceOf(box.NotOffered)
  expect(box.counts.value.conflict).toBe(1)
})

it('hands words and photos in as a report, or keeps what was dropped with both', async () => {
  const box = await phone(server)
  await box.start(LI)
  server.told = [{ path: /report_back/, answer: conflict }, { path: /send_back/, answer: { status: 422, body: { code: 'x', detail: '不行' } } }]
  const photo = await box.addPhoto(picture(), 'a.jpg')
  const other = await box.addPhoto(picture(), 'b.jpg')
  const mine = await box.add(act('report_back', { body: { note: '已清理' }, photos: { photos: [photo.id] } }))
  const lost = await box.add(act('send_back', { caseId: OTHER, body: { reason: '不属我处' }, photos: { photos: [other.id] } }))
  await until(() => box.counts.value.conflict === 1 && box.counts.value.refused === 1)
  expect(box.lines.value[1]!.problem).toMatchObject({ status: 422, body: { detail: '不行' } })
  await box.resolve(mine.id, 'as_report')
  await until(() => box.counts.value.waiting === 0)
  expect(server.writes().at(-1)).toMatchObject({ path: '/api/v1/reports', body: { source: 'patrol', case_number: 'N1', description: '已清理', photos: ['file-1'] } })
  await box.resolve(lost.id, 'drop')
  expect(box.lines.value[1]).toMatchObject({ state: 'dropped', body: { reason: '不属我处' }, photos: { photos: [other.id] } })
  const { photoOf } = await import('../store')
  expect((await photoOf(other.id))?.bytes).toBe(64)
})

it('halts when the session has ended and goes on after sign-in, with nothing lost', async () => {
  const box = await phone(server)
  server.who = null
  await box.start(LI)
  await box.add(report('四'))
  await until(() => box.sending.value === 'signed-out')
  expect(box.counts.value.waiting).toBe(1)
  server.who = LI
  server.cookie = 'second'
  box.sendNow()
  await until(() => box.counts.value.waiting === 0)
})

it('never sends one person\'s acts under another\'s session', async () => {
  const box = await phone(server)
  await box.start(LI)
  await box.add(report('五'))
  await until(() => box.counts.value.waiting === 0)
  // In another tab somebody else signs in; this page still holds the first one's token.
  server.who = WANG
  const before = server.cookie
  server.cookie = 'second'
  vi.stubGlobal('document', { cookie: `csrftoken=${before}`, visibilityState: 'visible', addEventListener: () => undefined })
  await box.add(report('六'))
  await until(() => box.sending.value === 'waiting')
  box.sendNow()
  await until(() => box.sending.value === 'signed-out')
  expect(box.signedInAs.value).toBe('王强')
  expect(server.taken()).toHaveLength(1)
  await box.start(WANG)
  expect(box.lines.value).toEqual([])
  expect(box.strangers.value).toEqual([{ person: LI.id, name: '李敏', waiting: 1 }])
  expect(await box.unsentElsewhere()).toBe(1)
})

it('asks the person after five faults of the server, and waits for a server that is away', async () => {
  const box = await phone(server)
  await box.start(LI)
  server.told = [{ path: /reports/, answer: { status: 503 } }, ...Array.from({ length: 5 }, () => ({ path: /reports/, answer: { status: 500 } }))]
  await box.add(report('七'))
  for (let n = 0; n < 5; n++) {
    await until(() => box.sending.value === 'waiting' || box.sending.value === 'idle')
    box.sendNow()
    await new Promise((done) => setTimeout(done, 20))
  }
  await until(() => box.counts.value.refused === 1)
})

it('takes back what has not been sent, and puts right what was refused', async () => {
  const box = await phone(server)
  server.who = null
  await box.start(LI)
  const line = await box.add(report('八'))
  await until(() => box.sending.value === 'signed-out')
  expect((await box.takeBack(line.id))?.body.description).toBe('八')
  expect(box.lines.value).toEqual([])
  server.who = LI
  server.told = [{ path: /reports/, answer: { status: 422, body: { code: 'x' } } }]
  const bad = await box.add(report('九'))
  await until(() => box.counts.value.refused === 1)
  expect(await box.takeBack(bad.id)).toBeNull()
  await box.putRight(bad.id, { ...bad.body, description: '十' })
  await until(() => box.counts.value.refused + box.counts.value.waiting === 0)
  expect(server.writes().at(-1)!.body!.description).toBe('十')
  expect(server.writes().at(-1)!.key).not.toBe(bad.id)
})
