/** Texts of pages. Words of the trade come from the daemon's catalogue, see `stores/words`. */
import { createI18n } from 'vue-i18n'
import type { Language } from '@/api/types'
import en from './en.json'
import zh from './zh.json'

export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as Language,
  fallbackLocale: 'zh',
  messages: { zh, en },
})
