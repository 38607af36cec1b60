/** Approving and retiring many records: in parts, so that the gate's own commits get their turn between. */
import { ref, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { answer, api, Refusal } from '@/api/client'
import type { RegisterRecord } from '@/api/types'
import { useWords } from '@/stores/words'
import type { Register } from './registers'

const AT_ONCE = 100

export function useReview(register: ComputedRef<Register>, done: () => unknown) {
  const words = useWords()
  const { t } = useI18n()
  const why = ref('')
  const isReviewing = ref(false)
  const refused = ref<string | null>(null)

  async function review(chosen: RegisterRecord[], state: 'approved' | 'rejected' | 'retired') {
    isReviewing.value = true
    refused.value = null
    const params = { path: { register: register.value } }
    try {
      for (let at = 0; at < chosen.length; at += AT_ONCE) {
        const part = chosen.slice(at, at + AT_ONCE)
        const records = part.map(({ key, revision }) => ({ key, base: revision }))
        const body = { records, state, why: why.value }
        await answer(api.POST('/api/records/{register}/review', { params, body }))
      }
      why.value = ''
      await done()
    } catch (error) {
      refused.value = error instanceof Refusal ? said(error) : t('away.title')
    } finally {
      isReviewing.value = false
    }
  }

  const said = (refusal: Refusal) =>
    [words.said(refusal.text), ...refusal.findings.map((found) => words.said(found.text))].join(
      '\n',
    )

  return { why, isReviewing, refused, review }
}
