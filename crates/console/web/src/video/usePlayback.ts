/** One clock that all panes follow, so that the cameras of an entrance stay in step. */
import { onBeforeUnmount, ref } from 'vue'

export const SPEEDS = [0.5, 1, 2, 4, 8, 16]

export function usePlayback() {
  /** What is shown, in milliseconds since 1970. */
  const time = ref(Date.now())
  const speed = ref(1)
  const isPlaying = ref(false)
  /** Panes whose picture is still on its way: all wait for them. */
  const waiting = ref(new Set<string>())
  let last = performance.now()
  let frame = 0

  const tick = (now: number) => {
    // A page that was hidden does not jump.
    const passed = Math.min(now - last, 250)
    last = now
    if (isPlaying.value && waiting.value.size === 0) time.value += passed * speed.value
    frame = requestAnimationFrame(tick)
  }
  frame = requestAnimationFrame(tick)
  onBeforeUnmount(() => cancelAnimationFrame(frame))

  function waits(pane: string, isSo: boolean) {
    if (isSo) waiting.value.add(pane)
    else waiting.value.delete(pane)
  }

  return { time, speed, isPlaying, waiting, waits }
}
