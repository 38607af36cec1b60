/** Alarms that are not over; a new one that nobody has seen rings. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import type { Alarm } from '@/api/types'
import { alarm as ring } from './bell'
import { coalesced } from './coalesced'
import { useSettings } from './settings'

/** The least time between two questions. */
const PACE_MS = 400

export const useAlarms = defineStore('alarms', () => {
  const settings = useSettings()
  const open = shallowRef<Alarm[]>([])
  const unseen = computed(() => open.value.filter((alarm) => !alarm.seen))
  let known: Set<number> | null = null

  const ask = coalesced(PACE_MS, async () => {
    const query = { open: true }
    open.value = (await answer(api.GET('/api/alarms', { params: { query } }))).alarms
    const ids = new Set(unseen.value.map((alarm) => alarm.id))
    const before = known
    if (before && !settings.muted && [...ids].some((id) => !before.has(id))) ring()
    known = ids
  })

  function end() {
    open.value = []
    known = null
  }

  return { open, unseen, ask, end }
})
