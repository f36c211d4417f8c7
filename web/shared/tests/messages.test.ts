/// <reference types="vite/client" />
import { expect, it } from 'vitest'
import en from '../i18n/en.json'
import zh from '../i18n/zh-CN.json'
import { STATES, TABS } from '../states'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Record<string, string> {
  return Object.assign({}, ...Object.entries(tree).map(([key, value]) =>
    typeof value === 'string' ? { [prefix + key]: value } : flat(value, `${prefix}${key}.`),
  ))
}
/** What a page has of its own stands beside what all of them share. */
const own = import.meta.glob<Tree>('../../{unit,commander,handheld}/words/*.json', { import: 'default', eager: true })
const all = (shared: Tree, language: string): Record<string, string> =>
  Object.assign(flat(shared), ...Object.entries(own).filter(([file]) => file.endsWith(`/${language}.json`)).map(([, tree]) => flat(tree)))
const messages = { 'zh-CN': all(zh as Tree, 'zh-CN'), en: all(en as Tree, 'en') }
const sources = import.meta.glob<string>('../../{desk,shared,unit,commander,handheld}/**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })

it('has the same keys in both languages, none empty', () => {
  expect(Object.keys(messages.en).sort()).toEqual(Object.keys(messages['zh-CN']).sort())
  for (const all of Object.values(messages)) expect(Object.entries(all).filter(([, text]) => !text.trim())).toEqual([])
})

it('uses the same parameters in both languages', () => {
  const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
  for (const [key, text] of Object.entries(messages['zh-CN'])) expect([key, parameters(messages.en[key]!)]).toEqual([key, parameters(text)])
})

it('has every key that the screens name', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(40)
  const missing: string[] = []
  for (const [file, text] of Object.entries(sources)) {
    if (file.includes('.test.')) continue
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) if (!(key! in messages.en)) missing.push(`${file}: ${key}`)
    // Keys made of a fixed beginning and a code must at least have that group.
    for (const [, start] of text.matchAll(/\bt\(\s*`([\w.-]+\.)\$\{/g)) {
      if (!Object.keys(messages.en).some((key) => key.startsWith(start!))) missing.push(`${file}: ${start}*`)
    }
  }
  expect(missing).toEqual([])
})

it('has a word for every state and tab', () => {
  for (const state of Object.keys(STATES)) expect(messages.en).toHaveProperty([`state.${state}`])
  for (const tab of TABS) {
    expect(messages.en).toHaveProperty([`tab.${tab}`])
    expect(messages.en).toHaveProperty([`queue.fills.${tab}`])
  }
})

it('keeps words for people out of the components', () => {
  const found = Object.entries(sources)
    .filter(([file]) => file.endsWith('.vue'))
    .flatMap(([file, text]) => {
      const template = /<template>[\s\S]*<\/template>/.exec(text)?.[0].replace(/<!--[\s\S]*?-->/g, '') ?? ''
      return /[\u4e00-\u9fff]/.test(template) ? [file] : []
    })
  expect(found).toEqual([])
})

it('names colours only in the tokens', () => {
  const styles = import.meta.glob<string>('../*.css', { query: '?raw', import: 'default', eager: true })
  const found = Object.entries({ ...sources, ...styles })
    .filter(([file]) => !file.endsWith('tokens.css') && !file.includes('.test.'))
    .flatMap(([file, text]) => [...text.matchAll(/#[0-9a-fA-F]{3,8}\b(?=[;,'" )])|\brgba?\(/g)].map((hit) => `${file}: ${hit[0]}`))
  expect(found).toEqual([])
})
