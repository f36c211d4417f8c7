import '@shared/tokens.css'
import '@shared/base.css'
import '@shared/element.css'
import { createApp } from 'vue'
import { i18n } from '@shared/i18n'
import { followLanguage } from '@shared/i18n/language'
import { followTheme } from '@shared/theme'
import App from './App.vue'
import { router } from './router'

followTheme()
followLanguage()
createApp(App).use(i18n).use(router).mount('#app')
