/** The video of a day: which lanes have any, the files and gaps of those that are shown, and who passed. */
import { ref, watch, type Ref } from 'vue'
import { passedAt, recordedDay, type Passed, type RecordedDay } from './day'
import { answer, api, Refusal } from '@/api/client'
import type { Passage, RecordedLane, VideoDay } from '@/api/types'
import { useWords } from '@/stores/words'

const PAGE = 200
/** A busy lane's day; whoever needs more looks in the records. */
const MOST_PASSAGES = 3000

export function useVideoDay(lanes: Ref<string[]>, day: Ref<string>) {
  const words = useWords()
  const all = ref<RecordedLane[]>([])
  const days = ref<Record<string, RecordedDay>>({})
  const passages = ref<Passed[]>([])
  const problem = ref('')
  const isBusy = ref(false)
  let asked = 0

  async function known() {
    try {
      all.value = (await answer(api.GET('/api/video'))).lanes
    } catch (error) {
      told(error)
    }
  }

  async function load() {
    const now = ++asked
    isBusy.value = true
    problem.value = ''
    try {
      const found = await Promise.all(lanes.value.map((lane) => one(lane)))
      if (now !== asked) return
      days.value = Object.fromEntries(found.map((one) => [one.lane, recordedDay(one)]))
      const passed = await Promise.all(found.map((one) => passedIn(one)))
      if (now === asked)
        passages.value = passed
          .flat()
          .map(passedAt)
          .sort((one, other) => one.at - other.at)
    } catch (error) {
      if (now === asked) told(error)
    } finally {
      if (now === asked) isBusy.value = false
    }
  }

  function one(lane: string): Promise<VideoDay> {
    const params = { path: { lane }, query: { day: day.value } }
    return answer(api.GET('/api/video/{lane}', { params }))
  }

  async function passedIn({ lane, from, until }: VideoDay): Promise<Passage[]> {
    const found: Passage[] = []
    let cursor: string | undefined
    do {
      const query = { lane, from, to: until, oldest_first: true, limit: PAGE, cursor }
      const page = await answer(api.GET('/api/passages', { params: { query } }))
      found.push(...page.passages)
      cursor = page.next ?? undefined
    } while (cursor && found.length < MOST_PASSAGES)
    return found
  }

  function told(error: unknown) {
    if (!(error instanceof Refusal)) throw error
    problem.value = words.said(error.text)
  }

  watch([lanes, day], load)
  return { all, days, passages, problem, isBusy, known, load }
}
