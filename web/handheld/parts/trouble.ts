/** Why a picture was not taken in, in words. */
import { OutboxFull, PhotoRefused } from '../outbox/shapes'

type Say = (key: string, values?: Record<string, unknown>) => string
const MB = 1_000_000

export function photoTrouble(error: unknown, t: Say): string {
  if (error instanceof OutboxFull) return t('hand.full')
  if (!(error instanceof PhotoRefused)) throw error
  if (error.why === 'too_large') return t('hand.photo.large', { n: Math.ceil(error.bytes / MB), of: Math.floor(error.limit / MB) })
  return t(error.why === 'empty' ? 'hand.photo.empty' : 'hand.photo.type')
}
