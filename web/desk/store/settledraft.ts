/** A find being settled on the spot: leaving the page, or losing the network, loses nothing. */
import { reactive } from 'vue'
import type { SentPhoto } from '@shared/model'

interface SettleDraft {
  before: SentPhoto[]
  after: SentPhoto[]
  classKey: string
  address: string
  areaCode: string
  place: { lon: number; lat: number; accuracy: number } | null
  note: string
}

const blank = (): SettleDraft => ({ before: [], after: [], classKey: '', address: '', areaCode: '', place: null, note: '' })
export const settleDraft = reactive<SettleDraft>(blank())

export function clearSettleDraft(): void {
  Object.assign(settleDraft, blank())
}
