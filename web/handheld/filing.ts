/** Finds, from what was typed to what goes into the outbox. Pure. */
import type { NewReport, Settled } from '@shared/model'
import { classOf } from '@desk/store/reference'
import type { NewLine, Place } from './outbox/shapes'

/** `without`: the position was taken out by hand and is not put back by the next fix. */
export interface Where { address: string; areaCode: string; place: Place | null; without?: boolean }
export interface Find {
  photos: string[]
  after: string[]
  where: Where
  classKey: string
  note: string
}

export const blankFind = (): Find => ({ photos: [], after: [], where: { address: '', areaCode: '', place: null }, classKey: '', note: '' })

export const hasPlace = (where: Where): boolean => !!(where.address.trim() || where.areaCode || where.place)

/** What is lacking still, by name of the part; empty when it may be sent. */
export function lacksOf(find: Find, settled: boolean): string[] {
  const lacks: string[] = []
  if (settled ? !find.photos.length : !find.photos.length && !find.note.trim()) lacks.push(settled ? 'before' : 'photo')
  if (settled && !find.after.length) lacks.push('after')
  if (!hasPlace(find.where)) lacks.push('place')
  if (!classOf(find.classKey)) lacks.push('class')
  return lacks
}

function placeOf(where: Where): Pick<NewReport, 'address' | 'area_code' | 'lon' | 'lat'> {
  return {
    ...(where.address.trim() ? { address: where.address.trim() } : {}),
    ...(where.areaCode ? { area_code: where.areaCode } : {}),
    ...(where.place ? { lon: where.place.lon, lat: where.place.lat } : {}),
  }
}

export interface Named { what: string; where: string }

export function reportLine(find: Find, source: 'patrol' | 'collector', named: Named, draft: string): NewLine {
  const body: NewReport = { source, class: classOf(find.classKey), description: find.note.trim(), ...placeOf(find.where) }
  return { kind: 'report', act: 'report', body: { ...body }, photos: { photos: [...find.photos] }, label: { act: 'report', ...named }, draft }
}

export type Outcome = 'educated' | 'corrected' | 'penalised'
export const OUTCOMES: Outcome[] = ['educated', 'corrected', 'penalised']

export function settledLine(find: Find, outcome: Outcome | '', named: Named, draft: string, sitting?: string): NewLine {
  const body: Settled & { outcome?: Outcome } = {
    source: 'patrol', class: classOf(find.classKey), description: find.note.trim(), ...placeOf(find.where), ...(outcome ? { outcome } : {}),
  }
  return {
    kind: 'settle', act: 'settle', body: { ...body }, photos: { photos_before: [...find.photos], photos_after: [...find.after] },
    label: { act: 'settle', ...named }, draft, ...(sitting ? { sitting } : {}),
  }
}
