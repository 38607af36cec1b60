/** The gate as it is now: lanes, passages of this hour, what waits for a person. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import { follow } from '@/api/events'
import type { Health, Lane, Passage, Task } from '@/api/types'
import { useAlarms } from './alarms'
import { ring } from './bell'
import { coalesced } from './coalesced'
import { useSettings } from './settings'

const SHOWN = 40
/** The least time between two questions of the same kind. */
const PACE_MS = 400

export const useGate = defineStore('gate', () => {
  const settings = useSettings()
  const alarms = useAlarms()
  const lanes = shallowRef<Lane[]>([])
  /** The site has no lane: known only once they were asked for. */
  const isBare = ref(false)
  const passages = shallowRef<Passage[]>([])
  const tasks = shallowRef<Task[]>([])
  /** The tasks that are done on a photo; the others are done in the register. */
  const plateTasks = computed(() => tasks.value.filter(({ kind }) => kind !== 'unregistered'))
  const health = shallowRef<Health | null>(null)
  const isLoaded = ref(false)
  /** Whether events arrive; false also before the first connection. */
  const isLive = ref(false)
  /** Whether the daemon answered last time. */
  const isReached = ref(true)
  const isAway = computed(() => !isReached.value)
  let stop: (() => void) | null = null
  let known: Set<number> | null = null

  const askLanes = coalesced(PACE_MS, async () => {
    lanes.value = (await answer(api.GET('/api/lanes'))).lanes
    isBare.value = lanes.value.length === 0
  })
  const askPassages = coalesced(PACE_MS, async () => {
    const query = { limit: SHOWN }
    passages.value = (await answer(api.GET('/api/passages', { params: { query } }))).passages
    isLoaded.value = true
  })
  const askTasks = coalesced(PACE_MS, async () => {
    tasks.value = (await answer(api.GET('/api/tasks'))).tasks
    const ids = new Set(tasks.value.map((task) => task.passage.id))
    const seen = known
    if (seen && !settings.muted && [...ids].some((id) => !seen.has(id))) ring()
    known = ids
  })

  const askHealth = coalesced(PACE_MS, async () => {
    health.value = await answer(api.GET('/api/health'))
  })

  function refresh() {
    askLanes()
    askPassages()
    askTasks()
    askHealth()
    alarms.ask()
  }

  function start() {
    if (stop) return
    refresh()
    const events = follow({
      connected: (is) => {
        isLive.value = is
        if (is) isReached.value = true
      },
      happened: (what) => {
        if (what === 'alarms') return alarms.ask()
        if (what !== 'health') return refresh()
        askLanes()
        askHealth()
      },
    })
    // Camera states change without a passage, and a line that is gone says nothing.
    const timer = setInterval(() => askLanes(), 10_000)
    stop = () => {
      events()
      clearInterval(timer)
    }
  }

  function end() {
    stop?.()
    stop = null
    known = null
    isLive.value = false
    passages.value = []
    tasks.value = []
    lanes.value = []
    isBare.value = false
    isLoaded.value = false
    alarms.end()
  }

  return {
    lanes,
    isBare,
    passages,
    tasks,
    plateTasks,
    health,
    isLoaded,
    isLive,
    isReached,
    isAway,
    start,
    end,
    refresh,
  }
})
