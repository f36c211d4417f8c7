/** The day's page as the server tells it. */
import { client, unwrap } from './api'
import type { components } from './generated/api'

type Schemas = components['schemas']

export type Brief = Schemas['Brief']
/** Whole numbers of one row of a table. */
export type Figures = Brief['total']

/** The page of a duty date (07:00–07:00). */
export function getBrief(date: string): Promise<Brief> {
  return unwrap(client.GET('/api/v1/brief/{duty_date}', { params: { path: { duty_date: date } } }))
}
