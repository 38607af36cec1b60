/** What is said of visits: one thing at a time is asked for, and whoever shows it is told when it is kept. */
import { ref } from 'vue'
import { answer, api } from '@/api/client'

/** What a person is asked for. */
export type VisitAct =
  | { act: 'join'; entry: number }
  | { act: 'split'; entry: number; exit: number }
  | { act: 'left'; entry: number }
  | { act: 'withdraw'; mark: number }

export function useVisits(changed: () => void) {
  const asked = ref<VisitAct | null>(null)

  async function join(exit: number, why: string) {
    if (asked.value?.act !== 'join') return
    const { entry } = asked.value
    await answer(api.POST('/api/visits', { body: { kind: 'joined', entry, exit, why } }))
  }
  async function split(why: string) {
    if (asked.value?.act !== 'split') return
    const { entry, exit } = asked.value
    await answer(api.POST('/api/visits', { body: { kind: 'split', entry, exit, why } }))
  }
  async function left(left_at: string, why: string) {
    if (asked.value?.act !== 'left') return
    const { entry } = asked.value
    await answer(api.POST('/api/visits', { body: { kind: 'left', entry, left_at, why } }))
  }
  async function withdraw(why: string) {
    if (asked.value?.act !== 'withdraw') return
    const params = { path: { id: asked.value.mark } }
    await answer(api.POST('/api/visits/{id}/withdrawal', { params, body: { why } }))
  }
  function done() {
    asked.value = null
    changed()
  }

  return { asked, join, split, left, withdraw, done }
}
