/** What the phone keeps until the server has it, and what it tells the screens of that. */
import type { ProblemBody } from '@shared/model'
import type { Theirs } from '@shared/problem'

/** `act` is an act on a case that is there already; the other two make one. */
export type Kind = 'report' | 'settle' | 'act'
export type LineState = 'waiting' | 'sending' | 'sent' | 'conflict' | 'refused' | 'dropped'
export type Choice = 'mine' | 'as_report' | 'drop'

/** How a line is named on screen: an act of a case's life (or `report`, `settle`), where and what. */
export interface Label { act: string; where: string; what: string; number?: string | null }

/** One act as the screen hands it over. */
export interface NewLine {
  kind: Kind
  /** The act's name in the address: `accept`, `report_back` …; the kind's own name for the other two. */
  act: string
  caseId?: string
  caseNumber?: string | null
  /** The version of the case that was on the screen. */
  expectedVersion?: number
  /** Without photos, `expected_version` and `occurred_at`: those are put in when it is sent. */
  body: Record<string, unknown>
  /** Ids of kept photos by the field of the body that names them. */
  photos?: Record<string, string[]>
  label: Label
  /** The device's own clock at the act; the present when absent. */
  occurredAt?: string
  /** Groups the stalls of one sitting (一街连处). */
  sitting?: string
  /** Key of the draft that this act was made from: cleared in the same transaction. */
  draft?: string
  /** What that draft holds from then on, instead of being cleared: the next of a sitting. */
  draftNext?: Record<string, unknown>
}

/** What became of a case, in the server's answer. */
export interface Answer { caseId: string; number: string | null; state: string; version: number }

export interface Line extends NewLine {
  seq: number
  id: string
  person: string
  occurredAt: string
  madeAt: string
  state: LineState
  attempts: number
  /** How far its photos are, by their ids. Here and not beside the picture: that is written once. */
  uploads?: Record<string, Upload>
  /** What its photos weigh. */
  bytes: number
  /** The idempotency key: the id, until a changed body needs one of its own. */
  key: string
  /** The body as it was first sent under `key`; sent again unchanged until there is an answer. */
  sentBody?: Record<string, unknown>
  problem?: { status: number; body: Partial<ProblemBody> }
  theirs?: Theirs | null
  sentAt?: string
  recordedAt?: string
  answer?: Answer
  /** What it was before it was handed in as a report instead. */
  was?: { kind: Kind; act: string }
  /** How often its photos had to be uploaded anew. */
  anew?: number
  /** When it was sent, or given up. */
  endedAt?: string
}

export interface Place { lon: number; lat: number; accuracy: number; at: string }

/** A photo as it came from the camera. */
export interface KeptPhoto {
  id: string
  person: string
  blob: Blob
  name: string
  bytes: number
  takenAt: string
  place?: Place | null
}

/** An upload of a photo: its idempotency key, and the server's id of it once it is there. */
export interface Upload { key: string; fileId?: string }

export type Sending = 'idle' | 'sending' | 'offline' | 'signed-out' | 'waiting'

/** There is no room left on the phone; what was to be kept is still where it was. */
export class OutboxFull extends Error {
  constructor() {
    super('no room left on this device')
    this.name = 'OutboxFull'
  }
}

/** A picture that cannot be taken: over the size that the server takes, of another kind, or empty. */
export class PhotoRefused extends Error {
  constructor(readonly why: 'too_large' | 'empty' | 'type', readonly bytes: number, readonly limit: number) {
    super(why)
    this.name = 'PhotoRefused'
  }
}
