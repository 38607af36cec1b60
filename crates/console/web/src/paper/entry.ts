/** A passage as a person reads it off the paper, and as the daemon takes it. */
import type { Color, Direction } from '@/api/types'
import { keep } from '@/stores/kept'

export interface Typed {
  at: string
  lane: string
  plate: string
  color: Color
  direction: Direction
  cargo: string
  amount: string
  why: string
}

interface Place {
  name: string
  entrance: string
  barrier: string
}

interface Sure {
  unusual: boolean
  again: boolean
  large_amount: boolean
}

export const none = (): Typed => ({
  at: '',
  lane: '',
  plate: '',
  color: 'yellow',
  direction: 'in',
  cargo: '',
  amount: '',
  why: '',
})

/** Where what is typed is kept while the tab lives. */
export const DRAFT = 'draft.paper'

/** Begins an entry with what is known of the vehicle. */
export const draft = (known: Partial<Typed>): void =>
  keep(DRAFT, { ...none(), ...known }, sessionStorage)

/** Times are by the site's clock, as the paper has them. */
export function entry(typed: Typed, plate: string, place: Place | undefined, sure: Sure) {
  const cargo = { name: typed.cargo.trim() || null, amount: typed.amount.trim() || null }
  return {
    at: typed.at.replace('T', ' '),
    plate,
    color: typed.color,
    direction: typed.direction,
    entrance: place?.entrance ?? '',
    barrier: place?.barrier ?? '',
    lane: place?.name ?? null,
    cargo: cargo.name === null && cargo.amount === null ? null : cargo,
    why: typed.why.trim(),
    ...sure,
  }
}
