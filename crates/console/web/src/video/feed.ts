/** Feeds a video element with files of the recording, so that they play as one: a position is the time since the
 * day began. Each file is about a minute, and begins at zero by itself. */
import type { RecordedFile } from './day'

/** So much is fetched ahead of what is shown, at single speed. */
const AHEAD_S = 30
/** So much stays behind it. */
const BEHIND_S = 60
/** Files follow each other without a hole when their clocks agree to this. */
const SEAM_S = 0.5
const PAUSE_MS = 150

export function mime(coding: string): string {
  return `video/mp4; codecs="${coding}"`
}

/** Whether this browser plays what is coded so. */
export function plays(coding: string): boolean {
  return 'MediaSource' in window && MediaSource.isTypeSupported(mime(coding))
}

/** What browsers without H.265 get instead: coded anew by the daemon. */
const ANEW = 'avc1.42c028'

export class VideoFeed {
  private readonly media = new MediaSource()
  private readonly address: string
  private buffer: SourceBuffer | null = null
  private coding = ''
  private readonly kept = new Set<number>()
  private fetching: AbortController | null = null
  private isClosed = false
  speed = 1
  /** Nothing can be shown of this: the daemon has no encoder. */
  isRefused = false

  /** `files` in the order of recording, `origin` when the day begins, in milliseconds. */
  constructor(
    private readonly video: HTMLVideoElement,
    private files: RecordedFile[],
    private readonly origin: number,
  ) {
    this.address = URL.createObjectURL(this.media)
    video.src = this.address
    this.media.addEventListener('sourceopen', () => void this.pump(), { once: true })
  }

  /** The day has gone on. */
  grow(files: RecordedFile[]): void {
    this.files = files
  }

  /** Whether the picture of this position is there. */
  has(position: number): boolean {
    const { buffered } = this.video
    for (let at = 0; at < buffered.length; at++)
      if (buffered.start(at) <= position && position < buffered.end(at) - 0.05) return true
    return false
  }

  /** Goes on elsewhere: what is on its way for another place is let go. */
  seek(position: number): void {
    this.video.currentTime = position
    const wanted = this.files.find((file) => position < this.second(file.until))
    if (wanted && !this.kept.has(wanted.id)) this.fetching?.abort()
  }

  close(): void {
    this.isClosed = true
    this.fetching?.abort()
    this.video.removeAttribute('src')
    this.video.load()
    URL.revokeObjectURL(this.address)
  }

  private second(moment: number): number {
    return (moment - this.origin) / 1000
  }

  private async pump(): Promise<void> {
    while (!this.isClosed && this.media.readyState === 'open') {
      const file = this.next()
      if (file) await this.take(file).catch(() => pause())
      else await pause()
    }
  }

  /** The first file from the position on that is not there yet and soon will be shown. */
  private next(): RecordedFile | undefined {
    const position = this.video.currentTime
    const horizon = position + AHEAD_S * Math.max(1, this.speed)
    return this.files.find(
      (file) =>
        position < this.second(file.until) &&
        this.second(file.from) < horizon &&
        !this.kept.has(file.id),
    )
  }

  private async take(file: RecordedFile): Promise<void> {
    await this.forget()
    const isPlain = plays(file.coding)
    const buffer = this.opened(isPlain ? file.coding : ANEW)
    buffer.timestampOffset = this.offset(file)
    this.fetching = new AbortController()
    this.kept.add(file.id)
    try {
      const { signal } = this.fetching
      const address = `/api/video/files/${file.id}${isPlain ? '' : '?as=h264'}`
      const answer = await fetch(address, { signal })
      this.isRefused = answer.status === 501
      if (!answer.ok || !answer.body) throw new Error(String(answer.status))
      const reader = answer.body.getReader()
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (signal.aborted) throw new Error('elsewhere')
        await this.append(buffer, part.value)
      }
    } catch (error) {
      this.kept.delete(file.id)
      // What came of it can't be gone on with.
      if (!this.isClosed && this.media.readyState === 'open') buffer.abort()
      throw error
    }
  }

  private opened(coding: string): SourceBuffer {
    this.buffer ??= this.media.addSourceBuffer(mime(coding))
    if (this.coding && this.coding !== coding) this.buffer.changeType(mime(coding))
    this.coding = coding
    return this.buffer
  }

  /** Where a file goes on: right behind the one before, so that no picture is waited for that never was. */
  private offset(file: RecordedFile): number {
    const begin = this.second(file.from)
    const { buffered } = this.video
    for (let at = 0; at < buffered.length; at++)
      if (Math.abs(buffered.end(at) - begin) < SEAM_S) return buffered.end(at)
    return begin
  }

  private async append(buffer: SourceBuffer, bytes: BufferSource): Promise<void> {
    const done = once(buffer)
    buffer.appendBuffer(bytes)
    await done
  }

  /** Lets go of what was shown long ago, and of what was fetched for another place. */
  private async forget(): Promise<void> {
    const { buffer } = this
    if (!buffer) return
    const position = this.video.currentTime
    const far = position + 4 * AHEAD_S * Math.max(1, this.speed)
    for (const [from, until] of [
      [0, position - BEHIND_S],
      [far, Infinity],
    ] as const) {
      if (until <= from || !overlaps(this.video.buffered, from, until)) continue
      const done = once(buffer)
      buffer.remove(from, until)
      await done
    }
    for (const file of this.files)
      if (this.second(file.until) < position - BEHIND_S || this.second(file.from) > far)
        this.kept.delete(file.id)
  }
}

function overlaps(ranges: TimeRanges, from: number, until: number): boolean {
  for (let at = 0; at < ranges.length; at++)
    if (ranges.start(at) < until && ranges.end(at) > from) return true
  return false
}

function once(buffer: SourceBuffer): Promise<void> {
  return new Promise((done, failed) => {
    const end = new AbortController()
    const { signal } = end
    buffer.addEventListener('updateend', () => (end.abort(), done()), { signal })
    buffer.addEventListener('error', () => (end.abort(), failed(new Error('not taken'))), {
      signal,
    })
    buffer.addEventListener('abort', () => (end.abort(), failed(new Error('let go'))), { signal })
  })
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, PAUSE_MS))
}
