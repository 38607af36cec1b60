/** Rules as they are found: one way to ask, and to say what went wrong. */
import { onMounted, shallowRef, type Ref, type ShallowRef } from 'vue'
import { useTrying } from '@/components/trying'

interface Rules<T> {
  found: ShallowRef<T | null>
  problem: Ref<string | null>
  load: () => Promise<void>
}

/** What is asked for when the page opens and after each change. */
export function useRules<T>(ask: () => Promise<T>): Rules<T> {
  const found = shallowRef<T | null>(null)
  const { problem, tried } = useTrying()
  const load = () =>
    tried(async () => {
      found.value = await ask()
    }).then(() => undefined)
  onMounted(load)
  return { found, problem, load }
}
