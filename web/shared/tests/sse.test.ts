import { expect, it } from 'vitest'
import { SseParser, type SseMessage } from '../sse'

function parse(...chunks: string[]): SseMessage[] {
  const messages: SseMessage[] = []
  const parser = new SseParser((message) => messages.push(message))
  chunks.forEach((chunk) => parser.push(chunk))
  return messages
}

it('reads an event however it is cut into chunks', () => {
  const whole = 'id: 7\r\nevent: case\r\ndata: {"a":1}\r\n\r\n'
  const expected = [{ id: '7', event: 'case', data: '{"a":1}' }]
  expect(parse(whole)).toEqual(expected)
  for (let cut = 1; cut < whole.length; cut++) expect(parse(whole.slice(0, cut), whole.slice(cut))).toEqual(expected)
})

it('passes over comments and joins lines of data', () => {
  expect(parse(': beat\n\ndata: a\ndata: b\n\n')).toEqual([{ id: '', event: 'message', data: 'a\nb' }])
})
