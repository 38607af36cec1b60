/** What a person chose on this computer: language, day or night, sound. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { Language } from '@/api/types'
import { kept, keep } from './kept'
import { i18n } from '@/texts'

export type Theme = 'day' | 'night' | 'system'

export const useSettings = defineStore('settings', () => {
  const language = ref<Language>(kept('language', 'zh'))
  const wasChosen = ref(kept('language', '') !== '')
  const theme = ref<Theme>(kept('theme', 'system'))
  const muted = ref(kept('muted', false))
  const isNight = ref(false)

  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const show = () => {
    isNight.value = theme.value === 'night' || (theme.value === 'system' && dark.matches)
    document.documentElement.classList.toggle('dark', isNight.value)
  }
  dark.addEventListener?.('change', show)
  watch(theme, (now) => (keep('theme', now), show()), { immediate: true })
  watch(muted, (now) => keep('muted', now))
  watch(
    language,
    (now) => {
      i18n.global.locale.value = now
      document.documentElement.lang = now === 'zh' ? 'zh-CN' : 'en'
    },
    { immediate: true },
  )

  /** The person's own choice, kept; the site's language holds until then. */
  function choose(chosen: Language) {
    language.value = chosen
    wasChosen.value = true
    keep('language', chosen)
  }

  function suggest(site: Language) {
    if (!wasChosen.value) language.value = site
  }

  return { language, theme, muted, isNight, choose, suggest }
})
