/** The client: generated types, language, CSRF, one shape of failure. */
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './generated/api'
import { noteAnswer, noteFailure } from './health'
import { language } from './i18n/language'
import type { ProblemBody } from './model'
import { Problem } from './problem'
import { learnServerTime } from './time'

export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? ''
}

let deviceTime = false
/** From now on each request says what this device's clock shows: acts made without a signal are
 *  claimed by it, and the server has to know how wrong it is. */
export function tellDeviceTime(): void {
  deviceTime = true
}

const dress: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language.value)
    if (deviceTime) request.headers.set('Device-Time', new Date().toISOString())
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken())
    return request
  },
  onResponse({ response }) {
    learnServerTime(response.headers.get('Date'))
  },
}

export const client = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })
client.use(dress)

interface Answer<T> { data?: T; error?: unknown; response: Response }

/** Awaits a call and returns its data, or throws a `Problem`. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    noteFailure('network')
    throw new Problem(0, {})
  })
  const { status, ok } = answer.response
  if (ok && answer.data !== undefined) {
    noteAnswer()
    return answer.data
  }
  const body = (typeof answer.error === 'object' && answer.error ? answer.error : {}) as Partial<ProblemBody>
  const problem = new Problem(ok ? 500 : status, body)
  if (problem.unanswered) noteFailure(problem.trouble === 'away' ? 'database' : 'network')
  else noteAnswer()
  throw problem
}
