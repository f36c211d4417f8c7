/** What was typed into an act's form, kept while the page lives: leaving a case loses nothing. */
import { reactive } from 'vue'
import type { SentPhoto } from '@shared/model'

export interface Draft {
  reason: string
  note: string
  classKey: string
  intoCase: string
  photos: SentPhoto[]
}

const drafts = new Map<string, Draft>()
const blank = (): Draft => ({ reason: '', note: '', classKey: '', intoCase: '', photos: [] })

export function draftOf(caseId: string, act: string): Draft {
  const key = `${caseId}/${act}`
  const draft = drafts.get(key) ?? reactive(blank())
  drafts.set(key, draft)
  return draft
}

export function dropDraft(caseId: string, act: string): void {
  drafts.delete(`${caseId}/${act}`)
}
