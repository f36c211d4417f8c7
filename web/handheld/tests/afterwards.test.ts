import { expect, it } from 'vitest'
import type { OfferedAct } from '@shared/model'
import { arranged, outlook, type HandTask } from '../afterwards'
import type { Line, LineState } from '../outbox/shapes'

const offer = (act: string, needs: string[] = [], takes: string[] = []): OfferedAct => ({ act, needs, takes, task_id: null, request_id: null })
const HANDLING = [offer('under_way'), offer('on_scene'), offer('report_back', ['photos'], ['note']), offer('send_back', ['reason', 'duty_line_id'])]
const task = (over: Partial<HandTask> = {}): HandTask => ({
  kind: 'handle', case: { id: 'c', version: 3, state: 'dispatched' } as HandTask['case'], description: '', photos: [],
  acts: [offer('accept'), offer('send_back', ['reason', 'duty_line_id'])], after_accept: HANDLING, hands: [], reply_needed: false, duty_lines: [], ...over,
})
let seq = 0
const line = (act: string, state: LineState = 'waiting', over: Partial<Line> = {}): Line => ({
  kind: 'act', act, caseId: 'c', body: {}, label: { act, where: '', what: '' }, seq: ++seq, id: String(seq), key: String(seq), person: 'p', bytes: 0,
  occurredAt: '', madeAt: '', state, attempts: 0, ...over,
})
const names = (acts: OfferedAct[]) => acts.map((one) => one.act)

it('offers the next step while the one before waits to be sent', () => {
  expect(names(outlook(task(), []).acts)).toEqual(['accept', 'send_back'])
  expect(names(outlook(task(), [line('accept')]).acts)).toEqual(['under_way', 'on_scene', 'report_back', 'send_back'])
  expect(names(outlook(task(), [line('accept'), line('on_scene')]).acts)).toEqual(['report_back', 'send_back'])
})

it('asks nothing more of a task that was reported back', () => {
  const { acts, done, under } = outlook(task(), [line('accept'), line('report_back')])
  expect([acts, done, under.length]).toEqual([[], true, 2])
})

it('counts a sent act until the server has told of it', () => {
  const answer = { caseId: 'c', number: null, state: 'handling', version: 4 }
  expect(outlook(task(), [line('accept', 'sent', { answer })]).under).toHaveLength(1)
  expect(outlook(task({ case: { id: 'c', version: 4, state: 'handling' } as HandTask['case'], acts: HANDLING }), [line('accept', 'sent', { answer })]).under).toHaveLength(0)
})

it('stops at an act that waits for a decision', () => {
  const { acts, stuck, done } = outlook(task(), [line('accept', 'conflict'), line('report_back')])
  expect([acts, stuck?.act, done]).toEqual([[], 'accept', false])
})

it('leaves out dropped acts, other cases and acts without a form here', () => {
  expect(outlook(task(), [line('accept', 'dropped'), line('accept', 'waiting', { caseId: 'd' })]).under).toEqual([])
  expect(names(outlook(task({ acts: [offer('file', ['class', 'standard_id']), offer('check_pass')] }), []).acts)).toEqual(['check_pass'])
})

it('puts the step to press next in front', () => {
  const { main, beside, more } = arranged([...HANDLING, offer('ask_backup', ['reason'])])
  expect([main?.act, names(beside), names(more)]).toEqual(['under_way', ['on_scene', 'report_back'], ['send_back', 'ask_backup']])
  expect(names(arranged([offer('check_pass'), offer('check_fail', ['reason'])]).beside)).toEqual(['check_fail'])
  expect(names(arranged([offer('accept'), offer('send_back')]).beside)).toEqual(['send_back'])
})
