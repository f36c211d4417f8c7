/** A refused or lost request, in one shape. */
import type { Act, CaseState, ProblemBody } from './model'

export type Trouble = 'network' | 'away' | 'signed-out' | 'forbidden' | 'absent' | 'conflict' | 'invalid' | 'other'

export interface Theirs { state: CaseState; version: number; act: Act; actor_name: string; recorded_at: string }

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Partial<ProblemBody>,
  ) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
  }

  get trouble(): Trouble {
    switch (this.status) {
      case 0: case 502: case 504: return 'network'
      case 503: return 'away'
      case 401: return 'signed-out'
      case 403: return 'forbidden'
      case 404: return 'absent'
      case 409: return 'conflict'
      case 400: case 413: case 415: case 422: return 'invalid'
      default: return 'other'
    }
  }

  /** The outcome is unknown: the same request may be sent again with the same key. */
  get unanswered(): boolean {
    return this.trouble === 'network' || this.trouble === 'away'
  }

  /** What somebody else did first, of a conflict. */
  get theirs(): Theirs | null {
    return (this.body.params?.theirs as Theirs | undefined) ?? null
  }

  /** Messages by field name, of an invalid form. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.body.errors ?? []).map((error) => [error.field.split('.').at(-1), error.message]))
  }
}
