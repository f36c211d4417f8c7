// Development server: the built desk under the real security policy, a fake API and stream.
// `node mock/server.mjs [port] [cases]`. Levers for tests: POST /mock/<lever>.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync, crc32 } from 'node:zlib'
import { TERRITORY } from './data.mjs'
import * as store from './store.mjs'

const DIST = fileURLToPath(new URL('../dist/', import.meta.url))
const PORT = Number(process.argv[2] ?? 8431)
store.fill(Number(process.argv[3] ?? 64))

const CSP = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; worker-src 'self'; img-src 'self' data: blob:; connect-src 'self'"
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' }
const levers = { away: false, ended: false, deaf: false, slow: 0, crew: false }
const done = new Map()
const streams = new Set()
const log = []

const json = (response, status, body, headers = {}) => {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers })
  response.end(JSON.stringify(body))
}
const problem = (response, status, code, extra = {}) => json(response, status, { type: 'about:blank', title: code, status, code, params: {}, ...extra })

async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A picture of shaded ground, so that photos have something to show. */
function png(hue) {
  const width = 320, height = 240
  const raw = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const at = y * (width * 3 + 1) + 1 + x * 3
    const v = 110 + 60 * Math.sin((x + hue * 40) / 37) * Math.cos(y / 29) + (y > 150 ? -30 : 20)
    raw[at] = v * 0.9; raw[at + 1] = v; raw[at + 2] = v * 1.08
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(8 + data.length + 4)
    out.writeUInt32BE(data.length, 0); body.copy(out, 4); out.writeUInt32BE(crc32(body), 8 + data.length)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0); head.writeUInt32BE(height, 4); head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))])
}

const crew = store.CREWS[0]
const me = () => ({
  user: { id: 'u-1', username: 'zhangsan', name: '张三' },
  roles: [{ role: levers.crew ? 'crew_member' : 'operator', place: '320303/320303001/pengcheng', place_name: { zh: '彭城联勤指挥中心', en: 'Pengcheng joint command centre' } }],
  district: { code: '320303', name: { zh: '云龙区', en: 'Yunlong District' }, demo: true, timezone: 'Asia/Shanghai' },
  duty: { date: '2026-11-23', shift: 'late', label: { zh: '23 日晚班 19–24', en: '23 Nov, late shift 19–24' }, ends_at: '2100-01-01T00:00:00Z' },
  demo_time: null,
  crew: levers.crew ? { id: crew.id, name: crew.name } : null,
  may: ['report', 'file', 'dispatch', 'check_pass'], position: store.here(),
})

function tasks() {
  return [...store.cases.values()].filter((row) => ['dispatched', 'handling', 'to_check'].includes(row.state)).slice(0, 5).map((row) => ({
    kind: row.state === 'to_check' ? 'check' : 'handle', case: row, description: '摊位占用盲道，行人只能走到车行道上。', photos: store.detail(row).photos.slice(0, 1), acts: store.detail(row).acts.filter(({ act }) => act !== 'told_by_radio'),
  }))
}

function stream(request, response, url) {
  if (levers.ended) return problem(response, 401, 'unauthenticated')
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(': hello\n\n')
  const send = (event) => { if (!levers.deaf) response.write(`id: ${event.position}\nevent: case\ndata: ${JSON.stringify(event)}\n\n`) }
  const after = Number(url.searchParams.get('after') ?? 0)
  store.journal.filter((event) => event.position > after).forEach(send)
  store.listeners.add(send)
  streams.add(response)
  const beat = setInterval(() => { if (!levers.deaf) response.write(': beat\n\n') }, 10_000)
  request.on('close', () => { clearInterval(beat); store.listeners.delete(send); streams.delete(response) })
}

const GETS = {
  '/api/v1/me': me,
  '/api/v1/cases/counts': () => ({ counts: store.counts(), position: store.here() }),
  '/api/v1/cases/map': () => ({ position: store.here(), cases: store.list('open').filter((row) => row.lon !== null).map((row) => ({ ...row, due_at: row.clock?.due_at ?? null, clock: undefined })) }),
  '/api/v1/my/tasks': () => ({ tasks: tasks(), position: store.here() }),
  '/api/v1/territory': () => TERRITORY,
  '/api/v1/classes': () => ({ items: store.CLASSES }),
  '/api/v1/areas': () => ({ items: store.AREAS }),
}

function get(response, url) {
  const path = url.pathname
  if (GETS[path]) return json(response, 200, GETS[path]())
  if (path === '/api/v1/cases') {
    const all = store.list(url.searchParams.get('tab') ?? 'open', url.searchParams.get('q'))
    const from = Number(url.searchParams.get('after') ?? 0)
    const upto = from + Number(url.searchParams.get('limit') ?? 50)
    return json(response, 200, { items: all.slice(from, upto), next: upto < all.length ? String(upto) : null, position: store.here() })
  }
  if (/^\/api\/v1\/classes\/\w+\/\d+\/standards$/.test(path)) return json(response, 200, { on: '2026-11-23', items: store.STANDARDS })
  const file = /^\/api\/v1\/files\/(.+)$/.exec(path)
  if (file) {
    response.writeHead(200, { 'Content-Type': 'image/png' })
    return response.end(png(file[1].charCodeAt(file[1].length - 1)))
  }
  const [, id, rest] = /^\/api\/v1\/cases\/([^/]+)(\/candidates)?$/.exec(path) ?? []
  const row = store.cases.get(id)
  if (!row) return problem(response, 404, 'not_found')
  return json(response, 200, rest ? { items: store.CREWS } : store.detail(row))
}

async function post(request, response, url) {
  const raw = await bodyOf(request)
  const key = request.headers['idempotency-key']
  if (!key) return problem(response, 428, 'idempotency_key_missing')
  if (request.headers['x-csrftoken'] !== 'mock') return problem(response, 403, 'csrf')
  const kept = done.get(key)
  if (kept) return json(response, kept.status, kept.body, { 'Idempotent-Replay': 'true' })
  const answer = (status, body) => { done.set(key, { status, body }); json(response, status, body) }
  if (url.pathname === '/api/v1/files') return answer(201, { id: randomUUID(), sha256: '', type: 'image/png', width: 320, height: 240, taken_at: null })
  const body = JSON.parse(raw.toString() || '{}')
  if (url.pathname === '/api/v1/reports') {
    if (body.description?.includes('422')) return problem(response, 422, 'validation', { errors: [{ field: 'address', code: 'too_vague', message: '地址太笼统，请写到门牌或路口' }] })
    const named = store.CLASSES.find((item) => item.kind === body.class?.kind && item.code === body.class?.code)
    const row = store.newCase({ address: body.address ?? '', lon: body.lon ?? null, lat: body.lat ?? null, place_known: body.lon !== undefined, ...(named ? { kind: named.kind, code: named.code, class_name: named.name } : {}) })
    return answer(201, { report_id: randomUUID(), joined: false, case: row, position: store.here() })
  }
  const [, id, act] = /^\/api\/v1\/cases\/([^/]+)\/acts\/(\w+)$/.exec(url.pathname) ?? []
  const row = store.cases.get(id)
  if (!row) return problem(response, 404, 'not_found')
  if (row.version !== body.expected_version) {
    const theirs = store.detail(row).timeline.at(-1)
    return problem(response, 409, 'conflict', { params: { yours: { act, expected_version: body.expected_version }, theirs: { state: row.state, version: row.version, act: theirs.act, actor_name: theirs.actor.name, recorded_at: theirs.recorded_at } } })
  }
  return answer(200, { case: store.act(row, act, body), position: store.here() })
}

function lever(response, url) {
  const [, , name, value] = url.pathname.split('/')
  if (name === 'report') return json(response, 200, store.newCase())
  if (name === 'log') return json(response, 200, log.splice(0))
  if (name === 'cut') for (const open of streams) open.destroy()
  else if (name === 'act') {
    const row = store.cases.get(url.searchParams.get('id'))
    return json(response, 200, store.act(row, value, { reason: '对方先办' }, { name: '李四', role: 'shift_leader' }))
  } else levers[name] = JSON.parse(value)
  return json(response, 200, levers)
}

createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${PORT}`)
  const path = url.pathname
  try {
    if (path.startsWith('/mock/')) return lever(response, url)
    log.push(`${request.method} ${request.url}`)
    if (levers.away && (path.startsWith('/api/') || path === '/stream')) return problem(response, 503, 'database_away', { status: 503 })
    if (levers.slow) await new Promise((resolve) => setTimeout(resolve, levers.slow))
    if (path === '/stream') return stream(request, response, url)
    if (path.startsWith('/api/')) return request.method === 'GET' ? get(response, url) : await post(request, response, url)
    const inside = path.startsWith('/static/desk/') ? normalize(path.slice('/static/desk/'.length)) : 'index.html'
    const content = await readFile(join(DIST, inside))
    response.writeHead(200, {
      'Content-Type': TYPES[extname(inside)] ?? 'application/octet-stream',
      'Content-Security-Policy': CSP,
      ...(inside === 'index.html' ? { 'Set-Cookie': 'csrftoken=mock; Path=/' } : {}),
    })
    response.end(content)
  } catch (error) {
    problem(response, error.code === 'ENOENT' ? 404 : 500, String(error.message))
  }
}).listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/desk/`))
