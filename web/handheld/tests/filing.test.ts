import { expect, it } from 'vitest'
import type { CaseRow, OfferedAct } from '@shared/model'
import { actLine, asks, blankAct, lacksOf as lacksOfAct } from '../acting'
import { blankFind, lacksOf, reportLine, settledLine } from '../filing'
import { spotOf } from '../nav'

const NAMED = { what: '占道经营', where: '富庶街 12 号' }
const place = { lon: 117.19207, lat: 34.26318, accuracy: 6, at: '2026-11-23T12:00:00Z' }
const find = { ...blankFind(), photos: ['a'], after: ['b'], classKey: 'event/0406', note: ' 摆摊 ', where: { address: ' 富庶街 12 号 ', areaCode: '', place } }

it('says what a find still lacks', () => {
  expect(lacksOf(blankFind(), false)).toEqual(['photo', 'place', 'class'])
  expect(lacksOf(blankFind(), true)).toEqual(['before', 'after', 'place', 'class'])
  expect(lacksOf({ ...blankFind(), note: '路灯不亮', where: { address: '', areaCode: '320303001', place: null }, classKey: 'part/0102' }, false)).toEqual([])
})

it('makes a report of it, with its photos named by the field', () => {
  const line = reportLine(find, 'patrol', NAMED, 'report')
  expect(line.body).toEqual({ source: 'patrol', class: { kind: 'event', code: '0406' }, description: '摆摊', address: '富庶街 12 号', lon: 117.19207, lat: 34.26318 })
  expect([line.photos, line.draft, line.kind]).toEqual([{ photos: ['a'] }, 'report', 'report'])
})

it('makes a settled find of it, with outcome and sitting', () => {
  const line = settledLine(find, 'corrected', NAMED, 'settle', 's')
  expect([line.kind, line.body.outcome, line.photos, line.sitting]).toEqual(['settle', 'corrected', { photos_before: ['a'], photos_after: ['b'] }, 's'])
})

const row = { id: 'c', number: '云龙-1', version: 7 } as CaseRow
const back: OfferedAct = { act: 'report_back', needs: ['photos'], takes: ['note', 'reply', 'task_id'], task_id: 't', request_id: null }

it('says only what an act asks for', () => {
  const draft = { ...blankAct(), photos: ['p'], note: ' 已清理 ', reason: '不问', reply: '' }
  const line = actLine(row, back, NAMED, draft)
  expect([line.body, line.photos, line.expectedVersion, line.draft]).toEqual([{ note: '已清理', task_id: 't' }, { photos: ['p'] }, 7, 'act/c/report_back/t'])
})

it('wants what is needed, and no line of a list that has none', () => {
  expect(lacksOfAct(back, blankAct(), false)).toEqual(['photos'])
  const send: OfferedAct = { act: 'send_back', needs: ['reason', 'duty_line_id'], takes: [], task_id: null, request_id: null }
  expect(lacksOfAct(send, { ...blankAct(), reason: '不属于本组' }, true)).toEqual([])
  expect(lacksOfAct({ ...send, needs: ['found'] }, { ...blankAct(), found: false }, false)).toEqual([])
})

it('opens a form only for acts that ask something', () => {
  expect(asks({ act: 'accept', needs: [], takes: ['task_id'], task_id: 't', request_id: null })).toBe(false)
  expect(asks(back)).toBe(true)
})

it('reads the page from the address', () => {
  expect(spotOf('#report/street')).toEqual({ page: 'report', below: 'street' })
  expect(spotOf('#outbox/1')).toEqual({ page: 'outbox', below: '1' })
  expect(spotOf('#nonsense')).toEqual({ page: 'today', below: '' })
})
