import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import en from './en.json'
import { language } from './language'
import zh from './zh-CN.json'

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
  missingWarn: false,
  fallbackWarn: false,
})

watch(language, (lang) => { i18n.global.locale.value = lang })

/** The words of one page, beside those that all pages share. */
export function addWords(inChinese: object, inEnglish: object): void {
  i18n.global.mergeLocaleMessage('zh-CN', inChinese)
  i18n.global.mergeLocaleMessage('en', inEnglish)
}
