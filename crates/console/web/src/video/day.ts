/** A day of video with its times as milliseconds since 1970: a page that plays looks at them with every picture. */
import type { Passage, Text, VideoDay } from '@/api/types'

/** Files that follow each other are one span: 1,440 rectangles a day are slow to draw. */
const SEAM_MS = 1000

export interface Span {
  from: number
  until: number
}
export interface RecordedFile extends Span {
  id: number
  coding: string
}
/** Nothing was kept; it lasts while `until` is null. */
export interface Hole {
  from: number
  until: number | null
  text: Text
}
export interface RecordedDay extends Span {
  lane: string
  /** In the order of recording. */
  files: RecordedFile[]
  spans: Span[]
  holes: Hole[]
}
/** A passage, and when it was decided. */
export interface Passed {
  passage: Passage
  at: number
}

export function recordedDay(day: VideoDay): RecordedDay {
  const files = day.files.map(({ id, coding, from, until }) => ({
    id,
    coding,
    from: Date.parse(from),
    until: Date.parse(until),
  }))
  const holes = day.gaps
    .filter((gap) => gap.is_hole)
    .map(({ from, until, text }) => ({
      from: Date.parse(from),
      until: until === null ? null : Date.parse(until),
      text,
    }))
  const { lane, from, until } = day
  return {
    lane,
    from: Date.parse(from),
    until: Date.parse(until),
    files,
    spans: joined(files),
    holes,
  }
}

export function passedAt(passage: Passage): Passed {
  return { passage, at: Date.parse(passage.decided_at) }
}

/** The file that shows a moment. */
export function fileAt(files: RecordedFile[], moment: number): RecordedFile | undefined {
  return files.find((file) => file.from <= moment && moment < file.until)
}

function joined(files: RecordedFile[]): Span[] {
  const spans: Span[] = []
  for (const { from, until } of files) {
    const last = spans.at(-1)
    if (last && from - last.until < SEAM_MS) last.until = until
    else spans.push({ from, until })
  }
  return spans
}
