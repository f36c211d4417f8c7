/** The words of the handheld: its own, and of those that all pages share the groups in `groups.json`. */
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import sharedEn from 'words:en'
import sharedZh from 'words:zh-CN'
import { language } from '@shared/i18n/language'
import en from './en.json'
import zh from './zh-CN.json'

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': { ...sharedZh, ...zh }, en: { ...sharedEn, ...en } },
  missingWarn: false,
  fallbackWarn: false,
})

watch(language, (lang) => { i18n.global.locale.value = lang })
