import '@shared/tokens.css'
import '@shared/base.css'
import './handheld.css'
import { createApp } from 'vue'
import { followLanguage } from '@shared/i18n/language'
import { followTheme } from '@shared/theme'
import App from './App.vue'
import { followSunlight } from './sunlight'
import { followUpdates } from './update'
import { i18n } from './words'

followTheme()
followSunlight()
followLanguage()
createApp(App).use(i18n).mount('#app')
void followUpdates()
