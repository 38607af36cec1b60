/** What happens at the gate, as it happens. */

export type Happening = 'passage' | 'health' | 'uploads' | 'alarms' | 'resync'

/** Longer than the daemon ever stays silent: it sends `ping` in between. */
const SILENCE_MS = 45_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
/** The daemon ends a stream now and then, and the browser comes again at once. */
const FORGIVEN_MS = 4_000

export interface Watch {
  happened: (what: Happening, data: unknown) => void
  connected: (is: boolean) => void
}

/** Follows the daemon's events until the returned function is called. */
export function follow({ happened, connected }: Watch): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = FIRST_PAUSE_MS
  let broken = false
  let gone: ReturnType<typeof setTimeout> | undefined

  const is = (now: boolean) => {
    clearTimeout(gone)
    gone = undefined
    connected(now)
  }

  // The browser resumes by itself after a break of the line, not after a refusal or a long silence.
  const again = () => {
    source?.close()
    is(false)
    broken = true
    clearTimeout(timer)
    timer = setTimeout(open, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(again, SILENCE_MS)
  }
  const open = () => {
    source = new EventSource('/api/events')
    source.onopen = () => {
      pause = FIRST_PAUSE_MS
      is(true)
      heard()
      // A new stream knows nothing of what was missed: whoever shows something asks again.
      if (broken) happened('resync', null)
      broken = false
    }
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) again()
      else gone ??= setTimeout(() => is(false), FORGIVEN_MS)
    }
    source.addEventListener('ping', heard)
    for (const what of ['passage', 'health', 'uploads', 'alarms', 'resync'] as const) {
      source.addEventListener(what, (event: MessageEvent<string>) => {
        heard()
        happened(what, parsed(event.data))
      })
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    clearTimeout(gone)
    source?.close()
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}
