/** The words of the handheld: its own, and of those that all pages share only what it shows. */
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import * as en from '@shared/i18n/en.json'
import { language } from '@shared/i18n/language'
import * as zh from '@shared/i18n/zh-CN.json'
import ownEn from './en.json'
import ownZh from './zh-CN.json'

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  // Named one by one: what is not named is not loaded.
  messages: {
    'zh-CN': {
      app: zh.app, state: zh.state, act: zh.act, kind: zh.kind, stage: zh.stage, role: zh.role, unit: zh.unit, span: zh.span, clock: zh.clock,
      case: zh.case, form: zh.form, reasons: zh.reasons, means: zh.means, flag: zh.flag, hint: zh.hint, submit: zh.submit,
      trouble: zh.trouble, menu: zh.menu, banner: zh.banner, reveal: zh.reveal, ...ownZh,
    },
    en: {
      app: en.app, state: en.state, act: en.act, kind: en.kind, stage: en.stage, role: en.role, unit: en.unit, span: en.span, clock: en.clock,
      case: en.case, form: en.form, reasons: en.reasons, means: en.means, flag: en.flag, hint: en.hint, submit: en.submit,
      trouble: en.trouble, menu: en.menu, banner: en.banner, reveal: en.reveal, ...ownEn,
    },
  },
  missingWarn: false,
  fallbackWarn: false,
})

watch(language, (lang) => { i18n.global.locale.value = lang })
