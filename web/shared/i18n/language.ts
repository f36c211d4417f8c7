/** The chosen language: remembered, else the browser's. */
import { ref, watchEffect } from 'vue'
import type { Lang, Names } from '../model'

const STORE = 'lianqin.language'

function initial(): Lang {
  const kept = read()
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

function read(): string | null {
  try {
    return localStorage.getItem(STORE)
  } catch {
    return null
  }
}

export const language = ref<Lang>(typeof navigator === 'undefined' ? 'zh-CN' : initial())

export function setLanguage(lang: Lang): void {
  language.value = lang
  localStorage.setItem(STORE, lang)
}

export function followLanguage(): void {
  watchEffect(() => { document.documentElement.lang = language.value })
}

/** A name of data in the chosen language, falling back to the other. */
export function nameOf(names: Partial<Names> | null | undefined): string {
  if (!names) return ''
  return (language.value === 'en' ? names.en || names.zh : names.zh || names.en) ?? ''
}
