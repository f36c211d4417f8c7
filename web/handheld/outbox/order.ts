/** What is sent next, and with which version of its case. Plain reckoning, no database. */
import type { Line } from './shapes'

export const open = (line: Line): boolean => line.state === 'waiting' || line.state === 'sending'
const stuck = (line: Line): boolean => line.state === 'conflict' || line.state === 'refused'

/** Whether an earlier act on the same case waits for this person's decision. */
export function held(line: Line, lines: readonly Line[]): boolean {
  return !!line.caseId && line.kind === 'act'
    && lines.some((one) => one.seq < line.seq && one.kind === 'act' && one.caseId === line.caseId && stuck(one))
}

/** Strictly the oldest that nothing holds back. */
export function nextLine(lines: readonly Line[]): Line | undefined {
  return lines.find((line) => open(line) && !held(line, lines))
}

/**
 * The version of the case that an act expects: what was on the screen, moved on by one's own
 * earlier acts and by nobody else's.
 */
export function versionFor(line: Line, lines: readonly Line[]): number | undefined {
  let version = line.expectedVersion
  if (version === undefined) return undefined
  for (const one of lines) {
    const answer = one.answer
    if (one.seq >= line.seq || one.state !== 'sent' || !answer || answer.caseId !== line.caseId) continue
    // A report joins a case without asking for its version: only when nobody else came between.
    if (one.kind === 'act' ? answer.version > version : answer.version === version + 1) version = answer.version
  }
  return version
}

/** The body as it goes out, its photos by the server's ids. */
export function bodyOf(line: Line, lines: readonly Line[]): Record<string, unknown> {
  const body: Record<string, unknown> = { ...line.body, occurred_at: line.occurredAt }
  for (const [field, photos] of Object.entries(line.photos ?? {})) {
    if (photos.length) body[field] = photos.map((id) => line.uploads?.[id]?.fileId).filter(Boolean)
  }
  if (line.kind === 'act') body.expected_version = versionFor(line, lines)
  return body
}

export function pathOf(line: Pick<Line, 'kind' | 'act' | 'caseId'>): string {
  if (line.kind === 'report') return '/api/v1/reports'
  if (line.kind === 'settle') return '/api/v1/reports/settled'
  return `/api/v1/cases/${line.caseId}/acts/${line.act}`
}

/** All photos of a line in the order of its fields. */
export const photosOf = (line: Pick<Line, 'photos'>): string[] => Object.values(line.photos ?? {}).flat()

/** What the person wrote, for handing it in another way. */
export function wordsOf(line: Line): string {
  const said = ['description', 'note', 'reply', 'reason'].map((field) => line.body[field])
  return said.filter((text): text is string => typeof text === 'string' && text.trim() !== '').join('\n')
}
