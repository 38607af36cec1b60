/**
 * Does something and says what was refused, in words, and which field is meant. `away` is told when the service
 * did not answer.
 */
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { Refusal } from '@/api/client'
import { useWords } from '@/stores/words'

export function useTrying(away?: () => string) {
  const words = useWords()
  const { t } = useI18n()
  const problem = ref<string | null>(null)
  const field = ref<string | null>(null)
  const isBusy = ref(false)

  async function tried(work: () => Promise<void>): Promise<boolean> {
    isBusy.value = true
    problem.value = field.value = null
    try {
      await work()
      return true
    } catch (error) {
      problem.value =
        error instanceof Refusal ? words.said(error.text) : (away?.() ?? t('away.title'))
      field.value = error instanceof Refusal ? error.field : null
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { problem, field, isBusy, tried }
}
