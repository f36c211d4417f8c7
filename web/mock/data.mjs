// Invented cases for development: no real person, place name or figure is meant.
import { randomUUID } from 'node:crypto'

export const CLASSES = [
  ['event', '0406', '占道经营', 'Stalls on the road', 2, 'urgent_hour'],
  ['event', '0405', '店外经营', 'Trading outside the shop', 2, 'urgent_hour'],
  ['event', '0129', '露天烧烤', 'Open-air barbecue', 2, 'urgent_hour'],
  ['event', '0496', '占用消防通道', 'Blocked fire lane', 2, 'urgent_hour'],
  ['event', '0128', '商业噪音', 'Noise of trade', 2, 'urgent_hour'],
  ['event', '0301', '施工扰民', 'Noise of building', 2, 'urgent_hour'],
  ['event', '0110', '暴露生活垃圾', 'Uncovered household waste', 4, 'work_hour'],
  ['event', '0493', '共享单车管理', 'Shared bicycles', 4, 'work_hour'],
  ['part', '0137', '路灯', 'Street lamp', 1, 'work_day'],
  ['part', '0102', '污水井盖', 'Sewer cover', 4, 'urgent_hour'],
  ['part', '0406', '雕塑', 'Sculpture', 5, 'work_day'],
].map(([kind, code, zh, en, value, unit]) => ({ kind, code, name: { zh, en }, limit: { value, unit } }))

const STREETS = ['解放路 12 号', '建国东路 88 号门前', '富庶街 3 号', '永安街 41 号', '河清路 与 和平路 路口', '彭城路步行街 北口', '统一街 27 号', '中枢街 9 号', '民主南路 106 号', '黄河东路 55 号公交站']
const SOURCES = ['patrol', 'collector', 'city_platform', 'hotline', 'video', 'community_post', 'public', 'police_110']
export const STATES = ['reported', 'filed', 'dispatched', 'handling', 'to_check', 'to_close']
export const CREWS = [
  ['彭城组', 'Pengcheng crew', 4, 2, 1, 650], ['青年组', 'Qingnian crew', 4, 2, 0, 1240], ['新生组', 'Xinsheng crew', 4, 1, 2, 2100], ['天桥组', 'Tianqiao crew', 3, 2, 0, 3900],
].map(([zh, en, members, certified, open_tasks], index) => ({ kind: 'crew', id: randomUUID(), name: { zh, en }, place: '320303/320303001/pengcheng', shift: index % 2 ? 'late' : 'middle', members, certified, open_tasks }))
CREWS.push({ kind: 'unit', id: randomUUID(), name: { zh: '彭城街道城管科', en: 'Pengcheng office, urban section' }, place: '320303/320303001', shift: null, members: null, certified: null, open_tasks: 3 })

const WEST = 117.19, EAST = 117.33, SOUTH = 34.15, NORTH = 34.28
let seed = 7
export const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647)
const pick = (list) => list[Math.floor(random() * list.length)]

export const AREAS = []
export const TERRITORY = { type: 'FeatureCollection', features: [] }

function ring(points) {
  return { type: 'Polygon', coordinates: [[...points, points[0]]] }
}
function makeTerritory() {
  const names = ['彭城街道', '子房街道', '黄山街道', '骆驼山街道', '大郭庄街道', '翠屏山街道', '大龙湖街道', '潘塘街道', '汉风街道']
  // A warped 6 × 6 lattice; every 2 × 2 cells make a subdistrict, every cell a community.
  const node = (i, j) => [
    WEST + (EAST - WEST) * (i / 6) + 0.006 * Math.sin(j * 1.7 + i),
    SOUTH + (NORTH - SOUTH) * (j / 6) + 0.005 * Math.cos(i * 2.1 + j),
  ]
  const edge = []
  for (let i = 0; i < 6; i++) edge.push(node(i, 0))
  for (let j = 0; j < 6; j++) edge.push(node(6, j))
  for (let i = 6; i > 0; i--) edge.push(node(i, 6))
  for (let j = 6; j > 0; j--) edge.push(node(0, j))
  const add = (geometry, properties) => TERRITORY.features.push({ type: 'Feature', geometry, properties: { illustrative: true, ...properties } })
  add(ring(edge), { layer: 'outline', name: { zh: '云龙区', en: 'Yunlong District' } })
  for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) {
    const index = a + b * 3
    const code = `32030300${index + 1}`
    const i = a * 2, j = (2 - b) * 2
    const name = { zh: names[index], en: `Subdistrict ${index + 1}` }
    add(ring([node(i, j), node(i + 1, j), node(i + 2, j), node(i + 2, j + 1), node(i + 2, j + 2), node(i + 1, j + 2), node(i, j + 2), node(i, j + 1)]), { layer: 'area', kind: 'subdistrict', code, name, place: `320303/${code}` })
    AREAS.push({ code, kind: 'subdistrict', parent_code: null, name, place: `320303/${code}` })
    for (let k = 0; k < 4; k++) {
      const ci = i + (k % 2), cj = j + Math.floor(k / 2)
      const community = { zh: `${names[index].slice(0, 2)}第${'一二三四'[k]}社区`, en: `Community ${index + 1}-${k + 1}` }
      add(ring([node(ci, cj), node(ci + 1, cj), node(ci + 1, cj + 1), node(ci, cj + 1)]), { layer: 'area', kind: 'community', code: `${code}00${k + 1}`, name: community, place: `320303/${code}` })
      AREAS.push({ code: `${code}00${k + 1}`, kind: 'community', parent_code: code, name: community, place: `320303/${code}` })
    }
  }
  const sites = [['station', '彭城派出所'], ['station', '青年派出所'], ['station', '新生派出所'], ['kiosk', '剪子股岗亭'], ['kiosk', '丰储街岗亭'], ['kiosk', '银座岗亭'], ['community_post', '户部山社区警务室'], ['stand_by_point', '复兴路备勤点']]
  for (const [kind, zh] of sites) {
    add({ type: 'Point', coordinates: [WEST + 0.015 + random() * 0.08, SOUTH + 0.06 + random() * 0.06] }, { layer: 'site', kind, name: { zh, en: `${kind.replaceAll('_', ' ')} ${zh.length}` } })
  }
}
makeTerritory()

/** Ids grow with time, as the server's do. */
let serial = 0
const laterId = () => `${String(++serial).padStart(8, '0')}${randomUUID().slice(8)}`

export const iso = (ms) => new Date(ms).toISOString().replace('Z', '+00:00')

export const FLAGS = {
  urged: 0, supervised_at: null, supervised_until: null, assigned_at: null, assigned_until: null, suspended_until: null, designated: 0, settled: false, recurrence: false, part: false,
}
/** A clock as the server tells it; a paused one has no due time. */
export function clock(at, limit, stopped = null, paused = null) {
  const used_s = ((stopped ?? paused ?? at) - at) / 1000
  return {
    stage: 'handle', started_at: iso(at), due_at: paused ? null : iso(at + limit.value * 60_000), paused_at: paused ? iso(paused) : null,
    stopped_at: stopped ? iso(stopped) : null, limit, used_s, allowed_s: limit.value * 60, late: false,
  }
}

export function makeCase(position, state = pick(STATES), at = Date.now() - random() * 5400_000) {
  const kind = pick(CLASSES)
  const limit = { value: [20, 45, 90, 120, 240][Math.floor(random() * 5)], unit: 'minute' }
  const done = state === 'closed'
  const assigned = ['dispatched', 'handling', 'to_check', 'to_close', 'closed'].includes(state)
  const { kind: hands, id, name } = pick(CREWS)
  const assignee = { kind: hands, id, name }
  const placed = random() > 0.05
  return {
    id: laterId(), number: `云龙-20261123-${String(position).padStart(4, '0')}`, version: 1, state,
    kind: kind.kind, code: kind.code, class_name: kind.name, address: placed ? pick(STREETS) : '', area: pick(AREAS.slice(0, 20)),
    place: '320303/320303001/pengcheng', place_name: { zh: '彭城联勤指挥中心', en: 'Pengcheng joint command centre' }, place_known: placed,
    lon: placed ? WEST + 0.01 + random() * 0.09 : null, lat: placed ? SOUTH + 0.05 + random() * 0.07 : null,
    source: pick(SOURCES), origin: 'demo', reported_at: iso(at), changed_at: iso(at + 60_000), closed_at: done ? iso(at + 600_000) : null, joined_into: null, position,
    assignee: assigned ? assignee : null, told_by_radio_at: null,
    clock: !assigned ? null : clock(at, limit, done ? at + 600_000 : null, random() > 0.93 && state === 'handling' ? at + 600_000 : null),
    flags: { ...FLAGS, urged: random() > 0.9 ? 2 : 0, supervised_at: random() > 0.93 ? iso(at) : null }, external_number: '', deadline: null,
    photo_count: 2, report_count: random() > 0.8 ? 3 : 1,
  }
}
for (const area of AREAS) Object.assign(area, area.name)
