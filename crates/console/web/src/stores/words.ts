/** Words of the trade in both languages, as the daemon's catalogue has them. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import type { Language, Text } from '@/api/types'
import { useSettings } from './settings'

type Catalogue = Record<Language, Record<string, string>>

export const useWords = defineStore('words', () => {
  const settings = useSettings()
  const catalogue = shallowRef<Catalogue>({ zh: {}, en: {} })

  async function load() {
    catalogue.value = await answer(api.GET('/api/words'))
  }

  /** The word for a code, such as `color.blue`; the code itself until the catalogue is here. */
  function word(key: string): string {
    return catalogue.value[settings.language][key] ?? key.split('.').pop() ?? key
  }

  /** The same as a heading or a label, which in English begins with a capital. */
  function title(key: string): string {
    const text = word(key)
    return text.charAt(0).toUpperCase() + text.slice(1)
  }

  /** The codes of a table of the catalogue that have a word. */
  function codes(table: string): string[] {
    const start = `${table}.`
    return Object.keys(catalogue.value.zh)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
  }

  const said = (text: Text): string => text[settings.language]

  return { load, word, title, codes, said }
})
