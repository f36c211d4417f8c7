/** Vite plugin: of the words that all pages share, the groups that one page shows, and no more.
 *  `words:zh-CN` reads as the file does, cut down to what `groups` names. */
import { readFileSync } from 'node:fs'

const PREFIX = 'words:'

export function pickedWords(folder: string, groups: string[]) {
  const file = (id: string) => `${folder}/${id.slice(PREFIX.length + 1)}.json`
  return {
    name: 'picked-words',
    resolveId: (id: string) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(this: { addWatchFile(path: string): void }, id: string) {
      if (!id.startsWith(`\0${PREFIX}`)) return null
      this.addWatchFile(file(id))
      const all = JSON.parse(readFileSync(file(id), 'utf8')) as Record<string, unknown>
      const missing = groups.filter((group) => !(group in all))
      if (missing.length) throw new Error(`${file(id)} has no ${missing.join(', ')}`)
      const picked = Object.fromEntries(groups.map((group) => [group, all[group]]))
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(picked))})`
    },
  }
}
