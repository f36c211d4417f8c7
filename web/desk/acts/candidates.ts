/** Words and order for those who can be sent. */
import type { Candidate } from '@shared/model'
import { me } from '../store/session'
import type { useWording } from '../wording'

export const onDuty = (who: Candidate): boolean => !!who.shift && who.shift === me.value?.duty.shift

/** Whoever is on duty now comes first; within that the server's order stays. */
export function onDutyFirst(items: Candidate[]): Candidate[] {
  return [...items.filter(onDuty), ...items.filter((who) => !onDuty(who))]
}

export function candidateFacts(who: Candidate, { t, nameOf }: ReturnType<typeof useWording>): string {
  return [
    who.stand_by ? t('candidate.standsBy', { where: nameOf(who.stand_by) }) : '',
    who.open_tasks ? t('candidate.busy', { n: who.open_tasks }, who.open_tasks) : t('candidate.free'),
    who.members !== null ? t('candidate.members', { n: who.members }, who.members) : '',
    who.certified !== null ? t('candidate.certified', { n: who.certified }, who.certified) : '',
  ].filter(Boolean).join(' · ')
}
