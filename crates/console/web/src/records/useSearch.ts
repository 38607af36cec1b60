/** Passages page by page. A new question drops the answer to the last one. */
import { ref, shallowRef } from 'vue'
import { answer, api, Refusal } from '@/api/client'
import type { Passage } from '@/api/types'
import { useWords } from '@/stores/words'

const PAGE = 40

export function useSearch() {
  const words = useWords()
  const passages = shallowRef<Passage[]>([])
  const next = ref<string | null>(null)
  const isBusy = ref(false)
  const problem = ref<string | null>(null)
  let asked: Record<string, string> = {}
  let running: AbortController | null = null

  async function ask(cursor: string | null) {
    running?.abort()
    const mine = (running = new AbortController())
    isBusy.value = true
    problem.value = null
    try {
      const query = { ...asked, limit: PAGE, cursor: cursor ?? undefined }
      const { signal } = mine
      const found = await answer(api.GET('/api/passages', { params: { query }, signal }))
      passages.value = cursor ? [...passages.value, ...found.passages] : found.passages
      next.value = found.next
    } catch (error) {
      if (mine.signal.aborted) return
      if (error instanceof Refusal) problem.value = words.said(error.text)
    } finally {
      if (running === mine) isBusy.value = false
    }
  }

  const search = (query: Record<string, string>) => {
    asked = query
    return ask(null)
  }
  const more = () => (next.value && !isBusy.value ? ask(next.value) : undefined)

  return { passages, next, isBusy, problem, search, more }
}
