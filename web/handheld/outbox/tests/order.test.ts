import { expect, it } from 'vitest'
import { bodyOf, held, nextLine, versionFor, wordsOf } from '../order'
import type { Line } from '../shapes'

const line = (seq: number, more: Partial<Line> = {}): Line => ({
  seq, id: `l${seq}`, key: `l${seq}`, person: 'p', kind: 'act', act: 'accept', caseId: 'a', expectedVersion: 5, body: {}, bytes: 0,
  label: { act: 'accept', where: '', what: '' }, occurredAt: '2026-01-01T00:00:00.000Z', madeAt: '2026-01-01T00:00:00.000Z',
  state: 'waiting', attempts: 0, ...more,
})
const sent = (seq: number, version: number, more: Partial<Line> = {}): Line =>
  line(seq, { state: 'sent', answer: { caseId: 'a', number: null, state: 'handling', version }, ...more })

it('sends the oldest first, also one whose sending was broken off', () => {
  expect(nextLine([sent(1, 6), line(2, { state: 'sending' }), line(3)])?.seq).toBe(2)
})

it('holds back later acts on the same case only, while one waits for a decision', () => {
  const lines = [line(1, { state: 'conflict' }), line(2), line(3, { caseId: 'b' }), line(4, { kind: 'report', caseId: undefined })]
  expect(nextLine(lines)?.seq).toBe(3)
  expect(lines.map((one) => held(one, lines))).toEqual([false, true, false, false])
  expect(nextLine([line(1, { state: 'dropped' }), line(2)])?.seq).toBe(2)
})

it('expects the version of one\'s own earlier act, and never an older one than was on the screen', () => {
  expect(versionFor(line(2), [sent(1, 6), line(2)])).toBe(6)
  expect(versionFor(line(2, { expectedVersion: 9 }), [sent(1, 6)])).toBe(9)
  expect(versionFor(line(2), [sent(1, 6, { answer: { caseId: 'b', number: null, state: 'x', version: 8 } })])).toBe(5)
  expect(versionFor(line(1), [line(1), sent(2, 6)])).toBe(5)
})

it('takes the version of a report that joined the case only when nobody came between', () => {
  const joined = (version: number) => sent(1, version, { kind: 'report', caseId: undefined, answer: { caseId: 'a', number: null, state: 'x', version } })
  expect(versionFor(line(2), [joined(6)])).toBe(6)
  expect(versionFor(line(2), [joined(7)])).toBe(5)
})

it('makes the body from what was said, the time of the act, the version and the server\'s photos', () => {
  const one = line(2, { body: { note: '好' }, photos: { photos: ['x', 'y'], photos_before: [] }, uploads: { x: { key: 'x', fileId: 'f1' }, y: { key: 'y', fileId: 'f2' } } })
  expect(bodyOf(one, [sent(1, 6)])).toEqual({
    note: '好', occurred_at: '2026-01-01T00:00:00.000Z', photos: ['f1', 'f2'], expected_version: 6,
  })
  expect(bodyOf(line(1, { kind: 'report', caseId: undefined, expectedVersion: undefined }), [])).not.toHaveProperty('expected_version')
})

it('gathers the words of an act', () => {
  expect(wordsOf(line(1, { body: { note: '已清理', reply: '感谢', found: true, reason: ' ' } }))).toBe('已清理\n感谢')
})
