/** Inspections as the daemon keeps them, and what is done in one. */
import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { answer, api, Refusal } from '@/api/client'
import type { DrawnThing, Inspection } from '@/api/types'
import { useWords } from '@/stores/words'

export type Mark = 'agrees' | 'differs' | 'unchecked'
export const MARKS: Mark[] = ['agrees', 'differs', 'unchecked']

export function useInspections() {
  const words = useWords()
  const { t } = useI18n()
  const all = shallowRef<Inspection[]>([])
  const entrances = shallowRef<string[]>([])
  const chosen = ref<number | null>(null)
  const isBusy = ref(false)
  const isLoaded = ref(false)
  const problem = ref<string | null>(null)
  const open = computed(() => all.value.find((one) => one.id === chosen.value) ?? null)

  async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    isBusy.value = true
    try {
      const done = await work()
      problem.value = null
      return done
    } catch (error) {
      problem.value = error instanceof Refusal ? words.said(error.text) : t('away.title')
      return undefined
    } finally {
      isBusy.value = false
    }
  }

  async function load() {
    await tried(async () => {
      const found = await answer(api.GET('/api/inspections'))
      all.value = found.inspections
      entrances.value = found.entrances
    })
    isLoaded.value = true
  }

  function put(one: Inspection) {
    const others = all.value.filter(({ id }) => id !== one.id)
    all.value = [...others, one].sort((a, b) => b.id - a.id)
    chosen.value = one.id
  }

  async function freeze(body: { from: string; until: string; entrances: string[] }) {
    const frozen = await tried(() => answer(api.POST('/api/inspections', { body })))
    if (frozen) put(frozen)
  }

  async function draw(id: number, body: { seed: string; passages: number; days: number }) {
    const params = { path: { id } }
    const drawn = await tried(() =>
      answer(api.POST('/api/inspections/{id}/draw', { params, body })),
    )
    if (drawn) put(drawn)
  }

  async function mark(id: number, thing: DrawnThing, said: Mark, remark: string) {
    const body = { kind: thing.kind, subject: thing.subject, mark: said, remark }
    const params = { path: { id } }
    const marked = await tried(() =>
      answer(api.POST('/api/inspections/{id}/marks', { params, body })),
    )
    if (marked) put(marked)
    return marked !== undefined
  }

  return { all, entrances, chosen, open, isBusy, isLoaded, problem, load, freeze, draw, mark }
}
