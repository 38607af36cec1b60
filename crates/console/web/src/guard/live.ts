/** A lane's newest picture, fetched only while somebody can see it. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Pause between two pictures: two to four a second reach the eye. */
const PAUSE_MS = 280
const PAUSE_AFTER_FAILURE_MS = 3_000

export function useLive(lane: string, frame: Ref<HTMLElement | null>) {
  const picture = ref<string | null>(null)
  const isStale = ref(false)
  let seen = true
  let ended = false
  let tag: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const observer =
    'IntersectionObserver' in window
      ? new IntersectionObserver(([entry]) => (seen = entry?.isIntersecting ?? true))
      : null

  async function fetchOne(): Promise<number> {
    if (document.hidden || !seen) return PAUSE_MS
    try {
      const headers: Record<string, string> = tag ? { 'If-None-Match': tag } : {}
      const answer = await fetch(`/api/lanes/${encodeURIComponent(lane)}/picture`, { headers })
      if (answer.status === 304) return PAUSE_MS
      if (!answer.ok) throw new Error(String(answer.status))
      tag = answer.headers.get('ETag')
      show(await answer.blob())
      isStale.value = false
      return PAUSE_MS
    } catch {
      isStale.value = true
      return PAUSE_AFTER_FAILURE_MS
    }
  }

  function show(blob: Blob) {
    if (ended) return
    const before = picture.value
    picture.value = URL.createObjectURL(blob)
    if (before) URL.revokeObjectURL(before)
  }

  async function go() {
    const pause = await fetchOne()
    if (!ended) timer = setTimeout(() => void go(), pause)
  }

  onMounted(() => {
    if (frame.value) observer?.observe(frame.value)
    void go()
  })
  onBeforeUnmount(() => {
    ended = true
    clearTimeout(timer)
    observer?.disconnect()
    if (picture.value) URL.revokeObjectURL(picture.value)
  })

  return { picture, isStale }
}
