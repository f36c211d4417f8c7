/** What was typed into an act's form, kept while the page lives: leaving a case loses nothing. */
import { reactive } from 'vue'
import type { Means, SentPhoto } from '@shared/model'

export interface Draft {
  reason: string
  note: string
  reply: string
  classKey: string
  standardId: string
  caseId: string
  assignee: { kind: 'crew' | 'unit'; id: string } | null
  dutyLineId: string
  until: string
  limitValue: string
  limitUnit: string
  found: boolean | null
  means: Means | ''
  photos: SentPhoto[]
  photosBefore: SentPhoto[]
}

const drafts = new Map<string, Draft>()
const blank = (): Draft => ({
  reason: '', note: '', reply: '', classKey: '', standardId: '', caseId: '', assignee: null, dutyLineId: '', until: '',
  limitValue: '', limitUnit: 'minute', found: null, means: '', photos: [], photosBefore: [],
})

export function draftOf(caseId: string, act: string): Draft {
  const key = `${caseId}/${act}`
  const draft = drafts.get(key) ?? reactive(blank())
  drafts.set(key, draft)
  return draft
}

export function dropDraft(caseId: string, act: string): void {
  drafts.delete(`${caseId}/${act}`)
}
