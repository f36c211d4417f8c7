import { expect, it, vi } from 'vitest'
import type { CaseDetail, OfferedAct } from '@shared/model'
import { forwardOf, offerKey, spotOf } from '../acts/offers'
import { saidOf } from '../acts/said'
import { KEY_OF_ACT } from '../keys'
import { common } from '../store/batch'
import { pick, picked, pickUpTo, unpickAll } from '../store/picked'
import { draftOf } from '../store/drafts'
import document from '../../../docs/openapi.json'

const none = vi.hoisted(() => () => Promise.resolve({ items: [] }))
vi.mock('@shared/calls', () => ({ getClasses: none, getAreas: none, getCase: none, doAct: none }))
vi.mock('../store/live', () => ({ applyOwn: () => undefined }))

const offer = (act: string, patch: Partial<OfferedAct> = {}): OfferedAct => ({ act, needs: [], takes: [], task_id: null, request_id: null, ...patch })
const detail = (code: string, acts: OfferedAct[]) => ({ case: { kind: 'event', code }, acts }) as unknown as CaseDetail

/** Pairs that one case never offers together. */
const SHARED = [['check_fail', 'rework'], ['check_pass', 'close']]

it('has a key for every act that the API knows', () => {
  const acts = Object.keys(document.paths).flatMap((path) => /\/acts\/(\w+)$/.exec(path)?.[1] ?? [])
  expect(acts.length).toBeGreaterThan(40)
  expect(Object.keys(KEY_OF_ACT).sort()).toEqual(acts.sort())
})

it('gives a key to one act only, or to two that never meet', () => {
  const keys = [...new Set(Object.values(KEY_OF_ACT))]
  const groups = keys.map((key) => Object.keys(KEY_OF_ACT).filter((act) => KEY_OF_ACT[act] === key).sort())
  expect(groups.filter((acts) => acts.length > 1).sort()).toEqual(SHARED)
})

it('puts a button beside its request or side task, else in the panel', () => {
  const tasks = [{ id: 'lead', lead: true }, { id: 'side', lead: false }] as CaseDetail['tasks']
  expect(spotOf(offer('grant', { request_id: 'r' }), tasks)).toBe('request:r')
  expect(spotOf(offer('told_by_radio', { task_id: 'side' }), tasks)).toBe('task:side')
  expect(spotOf(offer('told_by_radio', { task_id: 'lead' }), tasks)).toBe('panel')
  expect(offerKey(offer('grant', { request_id: 'r' }))).toBe('grant/r')
})

it('puts the act forward that takes the case on', () => {
  expect(forwardOf([offer('urge'), offer('close'), offer('rework')])).toBe('close')
  expect(forwardOf([offer('urge')])).toBeUndefined()
})

it('says only what the act asks for and what was filled in', () => {
  const draft = Object.assign(draftOf('c', 'x'), { reason: ' why ', note: 'n', until: '2026-11-30', found: false, limitValue: '2', limitUnit: 'urgent_hour' })
  expect(saidOf({ needs: ['reason'], takes: ['until', 'photos'] }, draft)).toEqual({ reason: 'why', until: '2026-11-30' })
  expect(saidOf({ needs: ['found'], takes: ['limit'] }, draft)).toEqual({ found: false, limit: { value: 2, unit: 'urgent_hour' } })
})

it('offers for several cases what all of them offer and one form can say', () => {
  const file = offer('file', { needs: ['class', 'standard_id'], takes: ['note'] })
  const back = offer('report_back', { needs: ['photos'] })
  const pass = offer('check_pass', { takes: ['means', 'photos'] })
  const acts = [file, back, pass, offer('urge', { takes: ['note'] })]
  const names = (details: CaseDetail[]) => common(details).map(({ act }) => act)
  expect(names([detail('0406', acts), detail('0406', acts)])).toEqual(['file', 'check_pass', 'urge'])
  expect(names([detail('0406', acts), detail('0401', acts)])).toEqual(['check_pass', 'urge'])
  expect(names([detail('0406', acts), detail('0406', [back])])).toEqual([])
  expect(common([detail('0406', [pass])])[0]?.takes).toEqual(['means'])
})

it('picks from the last pick up to a row', () => {
  unpickAll()
  pick('b')
  pickUpTo('d', ['a', 'b', 'c', 'd'])
  expect([...picked]).toEqual(['b', 'c', 'd'])
  pick('c')
  expect([...picked]).toEqual(['b', 'd'])
  unpickAll()
})
