/** What a form's draft says for an act: only the fields that the act asks for. */
import type { OfferedAct, Said } from '@shared/model'
import type { Draft } from '../store/drafts'
import { classOf } from '../store/reference'

export function saidOf(offer: Pick<OfferedAct, 'needs' | 'takes'>, draft: Draft): Said {
  const asked = new Set([...offer.needs, ...offer.takes])
  const limit = Number(draft.limitValue)
  const all: Said = {
    class: classOf(draft.classKey),
    standard_id: draft.standardId,
    reason: draft.reason.trim(),
    note: draft.note.trim(),
    reply: draft.reply.trim(),
    photos: draft.photos.map((photo) => photo.id),
    photos_before: draft.photosBefore.map((photo) => photo.id),
    case_id: draft.caseId,
    assignee: draft.assignee ?? undefined,
    duty_line_id: draft.dutyLineId,
    until: draft.until,
    limit: limit > 0 ? { value: limit, unit: draft.limitUnit as NonNullable<Said['limit']>['unit'] } : undefined,
    found: draft.found ?? undefined,
    means: draft.means || undefined,
  }
  const empty = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => asked.has(name) && !empty(value))) as Said
}
