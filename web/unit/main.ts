import '@shared/tokens.css'
import '@shared/base.css'
import { createApp } from 'vue'
import { addWords, i18n } from '@shared/i18n'
import { followLanguage } from '@shared/i18n/language'
import { followTheme } from '@shared/theme'
import App from './App.vue'
import en from './words/en.json'
import zh from './words/zh-CN.json'

addWords(zh, en)
followTheme()
followLanguage()
createApp(App).use(i18n).mount('#app')
