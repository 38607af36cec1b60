import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/tokens.css'
import './styles/element.css'
import './styles/base.css'
import './styles/sheet.css'

import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { listen } from '@/api/client'
import { router } from '@/router'
import { wake } from '@/stores/bell'
import { useGate } from '@/stores/gate'
import { useSession } from '@/stores/session'
import { useSettings } from '@/stores/settings'
import { useWords } from '@/stores/words'
import { i18n } from '@/texts'

const app = createApp(App).use(createPinia()).use(i18n)

const session = useSession()
const gate = useGate()
useSettings()
listen(
  () => void session.refused(),
  (reached) => (gate.isReached = reached),
)
window.addEventListener('pointerdown', wake, { once: true })
window.addEventListener('keydown', wake, { once: true })

// A page that opens while the daemon starts says so and tries again by itself.
void useWords()
  .load()
  .catch(() => undefined)
app.use(router).mount('#app')
