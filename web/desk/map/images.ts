/** Pictures on the map, drawn from the same paths as everywhere else. A picture's name says all
 *  there is to draw, so that the map asks for what it needs and nothing is drawn twice. */
import type { CaseState } from '@shared/model'
import { GLYPH_PATHS, GLYPH_SIZE, GLYPH_SIZE_OVERDUE, OVERDUE_PATH, stateInfo } from '@shared/states'
import { token } from '@shared/theme'

const RATIO = 2
const HALO = 2.5

interface Picture { width: number; height: number; data: Uint8ClampedArray }

function board(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * RATIO)
  canvas.height = Math.ceil(height * RATIO)
  const pen = canvas.getContext('2d', { willReadFrequently: true })!
  pen.scale(RATIO, RATIO)
  return pen
}

function done(pen: CanvasRenderingContext2D): Picture {
  const { width, height } = pen.canvas
  return { width, height, data: pen.getImageData(0, 0, width, height).data }
}

function font(size: number, weight = token('strong')): string {
  return `${weight} ${size}px ${token('font')}`
}

function roundRect(pen: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, r: number): void {
  pen.beginPath()
  pen.roundRect(x, y, w, h, r)
}

/** A state's glyph at a place, with a halo of the panel's colour so that it stands on any ground. */
function glyph(pen: CanvasRenderingContext2D, state: CaseState, colour: string, overdue: boolean, x: number, y: number, scale: number): void {
  const shape = GLYPH_PATHS[stateInfo(state).glyph]
  pen.save()
  pen.translate(x, y)
  pen.scale(scale, scale)
  pen.lineJoin = 'round'
  pen.lineCap = 'round'
  const draw = (d: string, stroke: number | undefined, paint: string) => {
    const path = new Path2D(d)
    pen.strokeStyle = token('panel')
    pen.lineWidth = (stroke ?? 0) + HALO * 2
    pen.stroke(path)
    pen.strokeStyle = pen.fillStyle = paint
    if (!stroke) return pen.fill(path)
    pen.lineWidth = stroke
    pen.stroke(path)
  }
  if (overdue) draw(OVERDUE_PATH.d, OVERDUE_PATH.stroke, token('late'))
  draw(shape.d, shape.stroke, colour)
  pen.restore()
}

function caseImage(state: string, tone: string, overdue: boolean): Picture {
  const scale = 1.2
  const width = GLYPH_SIZE * scale + HALO * 2
  const height = (overdue ? GLYPH_SIZE_OVERDUE : GLYPH_SIZE) * scale + HALO * 2
  const pen = board(width, height)
  glyph(pen, state as CaseState, token(tone), overdue, HALO, HALO, scale)
  return done(pen)
}

/** The pill of a cluster: the glyph of the worst case within, then room for the number, which is text. */
const PILL = { height: 28, glyph: 9, number: 28, digit: 8, end: 9 }
/** How far right of the pill's middle its number stands. */
export const NUMBER_OFFSET = (PILL.number - PILL.end) / 2

function clusterImage(state: string, tone: string, overdue: boolean, digits: number): Picture {
  const { height, number, digit, end } = PILL
  const width = number + digit * digits + end
  const pen = board(width + 2, height + 2)
  pen.translate(1, 1)
  roundRect(pen, 0, 0, width, height, height / 2)
  pen.fillStyle = token('panel')
  pen.fill()
  pen.lineWidth = 1.5
  pen.strokeStyle = token(tone)
  pen.stroke()
  glyph(pen, state as CaseState, token(tone), overdue, PILL.glyph, overdue ? 5 : 7, 1)
  return done(pen)
}

function siteImage(badge: string): Picture {
  const size = 20
  const pen = board(size + 2, size + 2)
  roundRect(pen, 1, 1, size, size, 4)
  pen.fillStyle = token('panel')
  pen.fill()
  pen.lineWidth = 1.5
  pen.strokeStyle = token('ink2')
  pen.stroke()
  pen.font = font(12, token('normal'))
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillStyle = token('ink2')
  pen.fillText(badge, size / 2 + 1, size / 2 + 2)
  return done(pen)
}

/**
 * Draws the picture of a name, or null for an unknown one. Names, parts divided by "|":
 * `case|state|token|overdue|theme`, `cluster|state|token|overdue|digits|theme`, `site|badge|theme`.
 */
export function picture(name: string): Picture | null {
  const [kind, a = '', b = '', c = '', d = ''] = name.split('|')
  if (kind === 'case') return caseImage(a, b, c === '1')
  if (kind === 'cluster') return clusterImage(a, b, c === '1', Number(d))
  if (kind === 'site') return siteImage(a)
  return null
}

export const PIXEL_RATIO = RATIO
