/** What the gate did on a day, for people. */
import type { Figures } from '@/api/types'

type Hour = Figures['hourly'][number]

const HOURS = 24

/** Every hour of the day, also those in which nothing passed. */
export function wholeDay(hourly: Hour[]): Hour[] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const known = hourly.find((one) => one.hour === hour)
    return known ?? { hour, in: 0, out: 0 }
  })
}

/** Rounded down: 99.96 % is not all. */
export const percent = (rate: number | null): string =>
  rate === null ? '—' : `${(Math.floor(rate * 1000 + 1e-9) / 10).toFixed(1)}%`
