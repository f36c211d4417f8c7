/** Writes the handheld's worker beside the pages: with the list of what one page needs, and of nothing else. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { build, type Plugin } from 'vite'

interface Chunk { file: string; css?: string[]; assets?: string[]; imports?: string[]; dynamicImports?: string[] }
export type Manifest = Record<string, Chunk>

/** Files of a page; also those that it loads later on when `later`. */
export function partsOf(manifest: Manifest, entry: string, later: boolean): string[] {
  const seen = new Set<string>()
  const files = new Set<string>()
  const visit = (name: string): void => {
    const chunk = manifest[name]
    if (!chunk || seen.has(name)) return
    seen.add(name)
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(later ? chunk.assets ?? [] : [])]) files.add(file)
    for (const next of [...(chunk.imports ?? []), ...(later ? chunk.dynamicImports ?? [] : [])]) visit(next)
  }
  visit(entry)
  return [...files].sort()
}

const digest = (text: Buffer | string): Buffer => createHash('sha256').update(text).digest()

interface Options { entry: string; page: string; worker: string; out: string }

export function precache({ entry, page, worker, out }: Options): Plugin {
  let dist = ''
  let base = '/'
  return {
    name: 'handheld-worker',
    apply: 'build',
    configResolved(config) {
      dist = `${config.root}/${config.build.outDir}`
      base = config.base
    },
    async closeBundle(failure?: Error) {
      if (failure) return
      const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8')) as Manifest
      const html = digest(readFileSync(`${dist}/${entry}`))
      const list = [
        // The page must be the one that these parts belong to: another build's is not kept for it.
        { url: page, revision: html.toString('hex').slice(0, 16), integrity: `sha256-${html.toString('base64')}` },
        // Named by their contents already.
        ...partsOf(manifest, entry, true).map((file) => ({ url: base + file, revision: null })),
      ]
      const name = digest(JSON.stringify(list)).toString('hex').slice(0, 8)
      await build({
        configFile: false,
        logLevel: 'error',
        define: { __PRECACHE__: JSON.stringify(list), __BUILD__: JSON.stringify(name), 'process.env.NODE_ENV': '"production"' },
        build: {
          outDir: dist, emptyOutDir: false, copyPublicDir: false, target: 'es2022',
          lib: { entry: worker, formats: ['iife'], name: 'handheld', fileName: () => out },
        },
      })
    },
  }
}
