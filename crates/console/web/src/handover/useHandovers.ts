/** The shift as it is now, the sheets that were handed over, and one of them that is looked at. */
import { ref, shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import type { Handover, HandoverHead, ShiftSheet } from '@/api/types'
import { useTrying } from '@/components/trying'

export function useHandovers() {
  const { problem, field, isBusy, tried } = useTrying()
  const sheet = shallowRef<ShiftSheet | null>(null)
  const takers = shallowRef<string[]>([])
  const all = shallowRef<HandoverHead[]>([])
  const open = shallowRef<Handover | null>(null)
  /** When the shift began, where a person says so. */
  const from = ref('')

  async function load() {
    await tried(async () => {
      const query = from.value ? { from: from.value } : {}
      const draft = await answer(api.GET('/api/handovers/draft', { params: { query } }))
      sheet.value = draft.sheet
      takers.value = draft.takers
      all.value = (await answer(api.GET('/api/handovers'))).handovers
    })
  }
  async function look(id: number) {
    await tried(async () => {
      open.value = await answer(api.GET('/api/handovers/{id}', { params: { path: { id } } }))
    })
  }
  async function give(taker: string, password: string, remarks: string): Promise<boolean> {
    return tried(async () => {
      const body = { taker, remarks, password: password || null, from: from.value || null }
      open.value = await answer(api.POST('/api/handovers', { body }))
      from.value = ''
    })
  }
  async function confirm(id: number, password: string) {
    const params = { path: { id } }
    const body = { password }
    open.value = await answer(api.POST('/api/handovers/{id}/receipt', { params, body }))
  }

  return { sheet, takers, all, open, from, problem, field, isBusy, load, look, give, confirm }
}
