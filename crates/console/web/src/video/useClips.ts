/** The clips of something that happened: asked for again until the last of them is cut. */
import { onBeforeUnmount, shallowRef } from 'vue'
import type { Clips } from '@/api/types'

/** A clip is cut a minute or two after its event. */
const AGAIN_MS = 10_000

export function useClips(ask: () => Promise<Clips>) {
  const found = shallowRef<Clips | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What was asked for something else, or before, is nothing any more. */
  let turn = 0

  function show(clips: Clips) {
    stop()
    found.value = clips
    if (clips.waits) timer = setTimeout(load, AGAIN_MS)
  }
  async function load() {
    stop()
    const asked = turn
    const clips = await ask().catch(() => null)
    if (clips && asked === turn) show(clips)
  }
  function stop() {
    turn += 1
    clearTimeout(timer)
  }
  onBeforeUnmount(stop)
  return { found, show, load, stop }
}
