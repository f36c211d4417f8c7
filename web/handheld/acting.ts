/** An offered act, from what was typed to what goes into the outbox. */
import type { CaseRow, Means, OfferedAct } from '@shared/model'
import type { NewLine } from './outbox/shapes'

export interface ActDraft {
  reason: string
  note: string
  reply: string
  until: string
  dutyLineId: string
  means: Means | ''
  found: boolean | null
  photos: string[]
  photosBefore: string[]
}

export const blankAct = (): ActDraft => ({ reason: '', note: '', reply: '', until: '', dutyLineId: '', means: '', found: null, photos: [], photosBefore: [] })

export const draftKey = (row: CaseRow, offer: OfferedAct): string => ['act', row.id, offer.act, offer.task_id].filter(Boolean).join('/')

/** Names of fields as the server knows them, with what was typed. */
function valuesOf(draft: ActDraft): Record<string, unknown> {
  return {
    reason: draft.reason.trim(), note: draft.note.trim(), reply: draft.reply.trim(), until: draft.until,
    duty_line_id: draft.dutyLineId, means: draft.means, found: draft.found, photos: draft.photos, photos_before: draft.photosBefore,
  }
}

const empty = (value: unknown): boolean => value === '' || value === null || value === undefined || (Array.isArray(value) && !value.length)

/** What must still be said; `noLines`: there is no line of the duty list to cite. */
export function lacksOf(offer: OfferedAct, draft: ActDraft, noLines: boolean): string[] {
  const values = valuesOf(draft)
  return offer.needs.filter((field) => field in values && empty(values[field]) && !(field === 'duty_line_id' && noLines))
}

const PHOTO_FIELDS = ['photos', 'photos_before']

/** The act as a line; `draft` null for an act that asks nothing. */
export function actLine(row: CaseRow, offer: OfferedAct, label: { what: string; where: string }, draft: ActDraft | null): NewLine {
  const values = draft ? valuesOf(draft) : {}
  const asked = new Set([...offer.needs, ...offer.takes])
  const given = Object.entries(values).filter(([field, value]) => asked.has(field) && !empty(value))
  const body = Object.fromEntries(given.filter(([field]) => !PHOTO_FIELDS.includes(field)))
  const photos = Object.fromEntries(given.filter(([field]) => PHOTO_FIELDS.includes(field)).map(([field, ids]) => [field, [...(ids as string[])]]))
  return {
    kind: 'act', act: offer.act, caseId: row.id, caseNumber: row.number, expectedVersion: row.version,
    body: { ...body, ...(offer.task_id ? { task_id: offer.task_id } : {}), ...(offer.request_id ? { request_id: offer.request_id } : {}) },
    photos, label: { act: offer.act, ...label, number: row.number }, ...(draft ? { draft: draftKey(row, offer) } : {}),
  }
}

/** Whether something is to be typed or shown before the act is done. */
export const asks = (offer: OfferedAct): boolean => [...offer.needs, ...offer.takes].some((field) => field in valuesOf(blankAct()))
