/** One register, page by page. A new question drops the answer to the last one. */
import { ref, shallowRef } from 'vue'
import { answer, api, Refusal } from '@/api/client'
import type { Item, RegisterRecord } from '@/api/types'
import { useWords } from '@/stores/words'
import type { Register } from './registers'

const PAGE = 100

export function useRegister() {
  const words = useWords()
  const items = shallowRef<Item[]>([])
  const records = shallowRef<RegisterRecord[]>([])
  const next = ref<number | null>(null)
  const isBusy = ref(false)
  const problem = ref<string | null>(null)
  let running: AbortController | null = null
  let asked: { register: Register; text: string; state: string } | null = null

  async function ask(after: number | null) {
    if (!asked) return
    running?.abort()
    const mine = (running = new AbortController())
    isBusy.value = true
    problem.value = null
    const { register, text, state } = asked
    const query = {
      limit: PAGE,
      after: after ?? undefined,
      text: text || undefined,
      state: state || undefined,
    }
    try {
      const params = { path: { register }, query }
      const { signal } = mine
      const page = await answer(api.GET('/api/records/{register}', { params, signal }))
      items.value = page.items
      records.value = after === null ? page.records : [...records.value, ...page.records]
      next.value = page.next
    } catch (error) {
      if (mine.signal.aborted) return
      if (error instanceof Refusal) problem.value = words.said(error.text)
    } finally {
      if (running === mine) isBusy.value = false
    }
  }

  const load = (register: Register, text: string, state: string) => {
    if (asked?.register !== register) records.value = items.value = []
    asked = { register, text, state }
    return ask(null)
  }
  const again = () => ask(null)
  const more = () => (next.value !== null && !isBusy.value ? ask(next.value) : undefined)

  return { items, records, next, isBusy, problem, load, again, more }
}
