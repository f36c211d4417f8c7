/** The report being typed: leaving the form, or losing the network, loses nothing. */
import { reactive } from 'vue'
import type { Source, SentPhoto } from '@shared/model'

interface ReportDraft {
  source: Source
  name: string
  phone: string
  classKey: string
  description: string
  address: string
  areaCode: string
  place: { lon: number; lat: number } | null
  photos: SentPhoto[]
}

const blank = (): ReportDraft => ({ source: 'public', name: '', phone: '', classKey: '', description: '', address: '', areaCode: '', place: null, photos: [] })
export const reportDraft = reactive<ReportDraft>(blank())

export function clearReportDraft(): void {
  Object.assign(reportDraft, blank())
}
