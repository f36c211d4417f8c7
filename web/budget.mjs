/**
 * What the first load of each page weighs: its scripts and styles, as they are and compressed.
 * Fails when the handheld's is over its budget: it is opened in the street, on a thin line.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** kB (1000 bytes) of script and style, compressed. */
const BUDGETS = { 'handheld.html': 120 }

const dist = new URL('dist/', import.meta.url)
const read = (file) => readFileSync(new URL(file, dist))
const manifest = JSON.parse(read('.vite/manifest.json'))

function firstLoad(entry) {
  const seen = new Set()
  const files = new Set()
  const visit = (name) => {
    if (seen.has(name)) return
    seen.add(name)
    const { file, css = [], imports = [] } = manifest[name]
    for (const one of [file, ...css]) files.add(one)
    imports.forEach(visit)
  }
  visit(entry)
  return [...files]
}

const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(8)
let over = 0
console.log('首次加载 · First load        kB    gzip  budget')
for (const [entry, chunk] of Object.entries(manifest)) {
  if (!chunk.isEntry) continue
  const contents = firstLoad(entry).map(read)
  const raw = contents.reduce((sum, content) => sum + content.length, 0)
  const packed = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0)
  const budget = BUDGETS[entry]
  console.log(`${entry.padEnd(22)}${kB(raw)}${kB(packed)}${budget ? String(budget).padStart(8) : ''}`)
  if (budget && packed > budget * 1000) {
    over++
    console.error(`${entry}: 超出预算 ${budget} kB · over its budget of ${budget} kB`)
  }
}
for (const entry of Object.keys(BUDGETS)) {
  if (manifest[entry]?.isEntry) continue
  over++
  console.error(`${entry}: 没有构建 · was not built`)
}
process.exitCode = over ? 1 : 0
