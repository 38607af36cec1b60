/** Counting who is there: who is not ticked has left, and is said to have in one go. */
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import type { InsideVehicle } from '@/api/types'

export function useStocktaking(vehicles: () => InsideVehicle[], load: () => Promise<void>) {
  const isOn = ref(false)
  const isAsked = ref(false)
  const there = ref(new Set<number>())
  /** Those that were listed when one began to count: who came since was not looked for. */
  const listed = ref(new Set<number>())
  /** How many were said to have left. */
  const kept = ref<number | null>(null)
  const absent = computed(() =>
    vehicles().filter(({ passage }) => listed.value.has(passage) && !there.value.has(passage)),
  )

  function begin() {
    listed.value = new Set(vehicles().map(({ passage }) => passage))
    there.value = new Set()
    kept.value = null
    isOn.value = true
  }
  function toggle(passage: number) {
    const now = new Set(there.value)
    if (!now.delete(passage)) now.add(passage)
    there.value = now
  }
  function stop() {
    isOn.value = isAsked.value = false
  }
  async function save(why: string) {
    const left = absent.value.map(({ passage }) => passage)
    try {
      await answer(api.POST('/api/inside/stocktaking', { body: { left, why } }))
      kept.value = left.length
    } catch (error) {
      // One may have left meanwhile: whoever asks again asks for those that are still listed.
      await load()
      throw error
    }
  }
  function done() {
    stop()
    void load()
  }

  return { isOn, isAsked, there, absent, kept, begin, toggle, stop, save, done }
}
