/** One correction from opening a passage to saving it: state, draft, undo, and what the daemon says. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { draftOf, dropDraft, keepDraft } from './draft'
import { begin, text, type Plate } from './model'
import { answer, api, Away, Refusal } from '@/api/client'
import type { PassageWhole } from '@/api/types'
import { useWords } from '@/stores/words'

export const REASONS = ['photo', 'scene', 'papers', 'driver'] as const
const UNDONE = 100
/** Nobody has looked at a plate within it. */
const LOOK_MS = 400

export function useCorrection(id: Ref<number | null>) {
  const words = useWords()
  const { t } = useI18n()
  const passage = shallowRef<PassageWhole | null>(null)
  const plate = shallowRef<Plate | null>(null)
  const why = ref(0)
  const isSaving = ref(false)
  const problem = ref<string | null>(null)
  /** The daemon doubts that there is such a plate; saving again says that it is so. */
  const isUnusual = ref(false)
  let before: Plate[] = []
  let shownAt_ms = 0

  const isChanged = computed(() => {
    const [now, was] = [plate.value, passage.value]
    if (!now || !was) return false
    return text(now) !== was.plate || now.color !== was.color || now.direction !== was.direction
  })

  watch(id, (now) => void load(now), { immediate: true })
  watch([plate, why], () => {
    const open = passage.value
    if (!open || !plate.value) return
    const draft = { plate: plate.value, why: why.value, base: open.corrected }
    if (isChanged.value) keepDraft(open.id, draft)
    else dropDraft(open.id)
  })

  async function load(wanted: number | null) {
    passage.value = plate.value = null
    problem.value = null
    if (wanted === null) return
    try {
      const params = { path: { id: wanted } }
      const whole = await answer(api.GET('/api/passages/{id}', { params }))
      if (id.value === wanted) show(whole)
    } catch (error) {
      problem.value = told(error)
    }
  }

  function show(whole: PassageWhole) {
    const draft = draftOf(whole.id)
    const holds = draft !== null && draft.base === whole.corrected
    passage.value = whole
    plate.value = holds ? draft.plate : begin(whole)
    why.value = holds ? draft.why : 0
    before = []
    isUnusual.value = false
    shownAt_ms = performance.now()
  }

  function set(next: Plate) {
    const now = plate.value
    if (!now || next === now) return
    const differs =
      text(next) !== text(now) || next.color !== now.color || next.direction !== now.direction
    if (differs) {
      before = [...before.slice(-UNDONE), now]
      problem.value = null
      isUnusual.value = false
    }
    plate.value = next
  }

  const wasJustShown = () => performance.now() - shownAt_ms < LOOK_MS

  function undo() {
    const last = before.pop()
    if (last) plate.value = last
  }

  /** True when it is kept, or nothing was to be kept. */
  async function save(): Promise<boolean> {
    const [now, was] = [plate.value, passage.value]
    if (!now || !was || isSaving.value) return false
    if (text(now) === '') {
      problem.value = t('correction.empty')
      return false
    }
    isSaving.value = true
    problem.value = null
    try {
      const body = {
        plate: text(now),
        color: now.color === was.color ? undefined : now.color,
        direction: now.direction === was.direction ? undefined : now.direction,
        why: t(`correction.reason.${REASONS[why.value] ?? 'photo'}`),
        base: was.corrected,
        unusual: isUnusual.value,
      }
      const params = { path: { id: was.id } }
      await answer(api.POST('/api/passages/{id}/corrections', { params, body }))
      dropDraft(was.id)
      return true
    } catch (error) {
      refused(error)
      return false
    } finally {
      isSaving.value = false
    }
  }

  function refused(error: unknown) {
    problem.value = told(error)
    if (!(error instanceof Refusal)) return
    if (error.code === 'unusual_plate') {
      isUnusual.value = true
      problem.value = `${words.said(error.text)} ${t('correction.again')}`
    }
    const faster = error.passage
    if (faster) {
      show(faster)
      problem.value = t('correction.faster', { plate: faster.plate })
    }
  }

  function told(error: unknown): string {
    if (error instanceof Refusal) return words.said(error.text)
    return error instanceof Away ? t('correction.notSaved') : String(error)
  }

  return {
    passage,
    plate,
    why,
    isSaving,
    isChanged,
    isUnusual,
    problem,
    set,
    undo,
    save,
    wasJustShown,
  }
}
